import { setTimeout as sleep } from 'node:timers/promises';
import { reconciliationRequest } from '../workers/reconciliation-schedule';
import { RECONCILIATION, type ReconciliationReport } from '../workflows/messages';
import type { reconciliation } from '../workflows/reconciliation';
import type { Answer, Call, Command } from './command';
import type { OperatorTools } from './operator-tools';
import { numberOption } from './read-option';

const MAX_SINCE_HOURS = 24 * 366;

/**
 * `npm run reconcile`: compares orders, holds, the provider's intents, the journal and the streams
 * now, repairs what is safe, and reports the rest; the Schedule does the same every minute.
 */
export const RECONCILE_COMMAND: Command<OperatorTools> = {
  words: [],
  about: 'compares everything now, repairs what is safe, and reports the rest',
  options: {
    since: { value: 'HOURS', about: 'how far back journal and streams are compared (24)' },
  },
  isAudited: true,
  run: reconcile,
};

async function reconcile(tools: OperatorTools, call: Call): Promise<Answer> {
  const { taskQueue, placementDeadlineSeconds, reconcileWaitMs } = tools.sagas;
  const request = reconciliationRequest(placementDeadlineSeconds);
  const sinceHours = numberOption(call, 'since', { min: 1, max: MAX_SINCE_HOURS });
  const run = await tools.client.workflow.start<typeof reconciliation>(RECONCILIATION, {
    workflowId: `${RECONCILIATION}-by-hand`,
    workflowIdConflictPolicy: 'USE_EXISTING',
    taskQueue,
    args: [{ ...request, sinceHours: sinceHours ?? request.sinceHours }],
  });
  const ended = run.result();
  // Whoever waits no longer must not be told of a failure by nobody's promise.
  ended.catch(() => undefined);
  const report = await Promise.race([ended, sleep(reconcileWaitMs, undefined, { ref: false })]);
  if (!report) {
    const { workflowId } = run;
    return { data: { workflowId }, lines: [`it is under way as ${workflowId}: ask again`] };
  }
  const { holds, payments, streams, discrepancies } = report;
  return { data: { holds, payments, streams, discrepancies }, lines: describe(report) };
}

function describe({ holds, payments, streams, discrepancies }: ReconciliationReport): string[] {
  return [
    `holds released: ${holds.released.length}, overdue: ${holds.overdue.length}`,
    `payments compared: ${payments.length}`,
    ...payments.map(({ orderId, finding }) => `  ${orderId}  ${finding}`),
    `events compared: ${streams.compared}, republished: ${streams.republished.length}`,
    ...streams.republished.map((eventId) => `  ${eventId}`),
    `for a person: ${discrepancies.length}`,
    ...discrepancies.map(({ orderId, kind }) => `  ${orderId}  ${kind}`),
  ];
}

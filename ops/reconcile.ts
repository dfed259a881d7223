import { parseArgs } from 'node:util';
import { loadConfig } from '../platform/config';
import { reconciliationRequest } from '../workers/reconciliation-schedule';
import { RECONCILIATION, type ReconciliationReport } from '../workflows/messages';
import type { reconciliation } from '../workflows/reconciliation';
import { runCommand } from './tools';

const USAGE = `npm run reconcile -- [--json] [--since HOURS]

Compares orders, holds, the provider's intents, the journal and the streams now; repairs what is
safe and prints a report. The Schedule "${RECONCILIATION}" does the same every minute.

  --since   how far back the journal is compared with the streams (24 hours)
  --data    the data folder of the npm start that is meant (.tandem)`;

const MAX_SINCE_HOURS = 24 * 366;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    since: { type: 'string' },
    data: { type: 'string', default: '.tandem' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else
  runCommand(values.data, async ({ client }) => {
    const config = loadConfig('TEMPORAL_TASK_QUEUE', 'PLACEMENT_DEADLINE_SECONDS');
    const request = reconciliationRequest(config.PLACEMENT_DEADLINE_SECONDS);
    const report = await client.workflow.execute<typeof reconciliation>(RECONCILIATION, {
      workflowId: `${RECONCILIATION}-by-hand`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      args: [{ ...request, sinceHours: sinceHours(request.sinceHours) }],
    });
    print(report);
  });

function sinceHours(usual: number): number {
  if (values.since === undefined) return usual;
  const hours = Number(values.since);
  if (Number.isInteger(hours) && hours > 0 && hours <= MAX_SINCE_HOURS) return hours;
  throw new Error(`--since takes hours from 1 to ${MAX_SINCE_HOURS}, not "${values.since}"`);
}

function print({ holds, payments, streams, discrepancies }: ReconciliationReport): void {
  if (values.json) {
    console.log(JSON.stringify({ holds, payments, streams, discrepancies }, null, 2));
    return;
  }
  console.log(`holds released: ${holds.released.length}, overdue: ${holds.overdue.length}`);
  console.log(`payments compared: ${payments.length}`);
  for (const { orderId, finding } of payments) console.log(`  ${orderId}  ${finding}`);
  console.log(`events compared: ${streams.compared}, republished: ${streams.republished.length}`);
  for (const eventId of streams.republished) console.log(`  ${eventId}`);
  console.log(`for a person: ${discrepancies.length}`);
  for (const { orderId, kind } of discrepancies) console.log(`  ${orderId}  ${kind}`);
}

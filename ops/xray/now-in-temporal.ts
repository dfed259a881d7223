import type { Client } from '@temporalio/client';
import type { Xray } from '../../api/operator/xray-resource';
import { describeSaga, openStepsOf, sagasOf } from '../saga-now';

/** Whoever looks at an order waits no longer for Temporal; the rest is told without it. */
const PATIENCE_MS = 1_500;

type Saga = NonNullable<Xray['sagas']>[number];

/** The sagas of an order as Temporal has them now; null while it does not answer. */
export async function sagasNow(
  client: Client,
  orderId: string,
  webUi: string | undefined,
): Promise<Saga[] | null> {
  const look = () => Promise.all(sagasOf(orderId).map((id) => sagaNow(client, id, webUi)));
  try {
    return (await client.withDeadline(Date.now() + PATIENCE_MS, look)).flat();
  } catch {
    return null;
  }
}

async function sagaNow(
  client: Client,
  workflowId: string,
  webUi: string | undefined,
): Promise<Saga[]> {
  const described = await describeSaga(client, workflowId);
  if (!described) return [];
  const { raw, status, runId } = described;
  const isRunning = status.name === 'RUNNING';
  const page = `namespaces/${client.options.namespace}/workflows/${workflowId}/${runId}/timeline`;
  return [
    {
      ...{ workflowId, status: status.name },
      // A saga that is stuck in a task answers no query; what is known is told all the same.
      openSteps: isRunning ? await openStepsOf(client, workflowId).catch(() => []) : [],
      pending: (raw.pendingActivities ?? []).map((one) => ({
        activity: one.activityType?.name ?? '?',
        attempt: one.attempt ?? 1,
        lastError: one.lastFailure?.message ?? null,
        nextAttemptAt: isoOf(one.scheduledTime),
      })),
      link: webUi === undefined ? null : `${webUi}/${page}`,
    },
  ];
}

function isoOf(time: { seconds?: unknown; nanos?: number | null } | null | undefined) {
  const ms = Number(time?.seconds ?? 0) * 1000 + (time?.nanos ?? 0) / 1e6;
  return ms > 0 ? new Date(ms).toISOString() : null;
}

import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client';
import type { reconciliation } from '../workflows/reconciliation';
import { RECONCILIATION, type ReconciliationRequest } from '../workflows/messages';

/** How often everything is compared: an event that Redis lost is late by this much. */
const EVERY = '1m';

/**
 * Streams are compared a day back: what is older was compared before, and may be trimmed. No stream
 * is trimmed earlier: see EVENT_RETENTION_HOURS.
 */
export const SINCE_HOURS = 24;

/** A saga has its deadline, and then this long to undo everything before somebody looks. */
const GRACE_SECONDS = 300;

/** What a reconciler with this placement deadline looks at. */
export function reconciliationRequest(placementDeadlineSeconds: number): ReconciliationRequest {
  return {
    overdueSeconds: placementDeadlineSeconds + GRACE_SECONDS,
    sinceHours: SINCE_HOURS,
  };
}

/** Makes sure that the Schedule is there. One that is, also a paused one, stays as it is. */
export async function ensureReconciliationSchedule(
  client: Client,
  taskQueue: string,
  request: ReconciliationRequest,
): Promise<void> {
  try {
    await client.schedule.create<typeof reconciliation>({
      scheduleId: RECONCILIATION,
      spec: { intervals: [{ every: EVERY }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: EVERY },
      action: {
        type: 'startWorkflow',
        workflowType: RECONCILIATION,
        workflowId: RECONCILIATION,
        taskQueue,
        args: [request],
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

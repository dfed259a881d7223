import { ActivityCancellationType, proxyActivities } from '@temporalio/workflow';
import type { ReconciliationActivities } from '../activities/reconciliation';
import type { ReconciliationReport, ReconciliationRequest } from './messages';

/** With 2,000 events a page: as many of a day as are compared, the oldest first. */
const MAX_PAGES = 200;

/** Ids in a report: who needs all asks the database. */
const MAX_IDS = 200;

const activities = proxyActivities<ReconciliationActivities>({
  // A page of events that Redis has lost is published again one after another.
  startToCloseTimeout: '60s',
  scheduleToCloseTimeout: '10m',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
});

/**
 * Compares orders, holds, the provider's intents, the journal and the streams; repairs what is
 * safe, reports the rest. Started by a Temporal Schedule, and by `npm run reconcile`.
 */
export async function reconciliation({
  overdueSeconds,
  sinceHours,
}: ReconciliationRequest): Promise<ReconciliationReport> {
  const holds = await activities.reconcileHolds({ overdueSeconds });
  const streams = await compareStreams(sinceHours);
  const payments = await activities.reconcileIntents();
  const discrepancies = await activities.findDiscrepancies({ overdueSeconds });
  return { holds, payments, streams, discrepancies };
}

async function compareStreams(sinceHours: number): Promise<ReconciliationReport['streams']> {
  const republished: string[] = [];
  let compared = 0;
  let afterJournalId = 0;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const comparison = await activities.reconcileStreams({ afterJournalId, sinceHours });
    compared += comparison.compared;
    republished.push(...comparison.republished.slice(0, MAX_IDS - republished.length));
    if (comparison.next === null) break;
    afterJournalId = comparison.next;
  }
  return { compared, republished };
}

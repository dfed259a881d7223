import type Stripe from 'stripe';
import type { Database } from '../db/database';
import { markPublished } from '../db/journal';
import {
  findDiscrepancies,
  takeOpenIntents,
  readRecordedEvents,
  type Discrepancy,
} from '../db/reconciliation';
import { isInStream, republish, type StreamReader } from '../events/republish';
import { sweepHolds, type HoldSweep } from './hold-sweep';
import { createPaymentReconciler, type PaymentFinding } from './reconcile-payment';

/** Younger events are on their way still, by their own saga. */
const EVENT_MIN_AGE_SECONDS = 30;

/** How many journal rows one call looks at: well inside an activity's minute. */
const EVENTS_PER_CALL = 2_000;

/** A report of more is no longer read; the next round has the rest. */
const MAX_FINDINGS = 200;
const INTENTS_PER_CALL = 20;

/** How far the comparison of journal and streams has come. */
export interface StreamComparison {
  /** Pass it to the next call; null when everything was compared. */
  readonly next: number | null;
  readonly compared: number;
  /** Ids of events that the streams lacked, published again. */
  readonly republished: string[];
}

/** What the provider knows of payments that should be over. */
export interface IntentComparison {
  readonly orderId: string;
  readonly finding: PaymentFinding | 'provider does not answer';
}

/** What the reconciler does; it compares and repairs, and is safe to repeat at any time. */
export function createReconciliationActivities({
  db,
  redis,
  stripe,
}: {
  db: Database;
  redis: StreamReader;
  stripe: Stripe;
}) {
  const reconcilePayment = createPaymentReconciler({ db, stripe });

  return {
    /** Releases the holds of orders that have ended, and raises those that are overdue. */
    async reconcileHolds({ overdueSeconds }: { overdueSeconds: number }): Promise<HoldSweep> {
      return sweepHolds(db, overdueSeconds);
    },

    /** Compares open payments of ended orders with the provider; sets money free where it may. */
    async reconcileIntents(): Promise<IntentComparison[]> {
      const open = await takeOpenIntents(db, { limit: INTENTS_PER_CALL });
      return Promise.all(
        open.map(async ({ orderId, intentId }) => {
          const answer = reconcilePayment(intentId);
          const finding = await answer.catch(() => 'provider does not answer' as const);
          return { orderId, finding };
        }),
      );
    },

    /** Publishes what the streams lack of the journal, in the order in which it was recorded. */
    async reconcileStreams(page: {
      afterJournalId: number;
      sinceHours: number;
    }): Promise<StreamComparison> {
      const limits = { minAgeSeconds: EVENT_MIN_AGE_SECONDS, limit: EVENTS_PER_CALL };
      const events = await readRecordedEvents(db, { ...page, ...limits });
      const republished: string[] = [];
      for (const event of events) {
        const { streamId } = event;
        if (streamId !== null && (await isInStream(redis, { ...event, streamId }))) continue;
        await markPublished(db, event.id, await republish(redis, event));
        republished.push(event.id);
      }
      const last = events.at(-1)?.journalId;
      const isMore = events.length === EVENTS_PER_CALL && last !== undefined;
      return { next: isMore ? last : null, compared: events.length, republished };
    },

    /** What is wrong and not for a program to repair. */
    async findDiscrepancies({
      overdueSeconds,
    }: {
      overdueSeconds: number;
    }): Promise<Discrepancy[]> {
      return findDiscrepancies(db, { overdueSeconds, limit: MAX_FINDINGS });
    },
  };
}

/** The reconciler's activities as its workflow calls them. */
export type ReconciliationActivities = ReturnType<typeof createReconciliationActivities>;

import { setTimeout as sleep } from 'node:timers/promises';
import { createReconciliationActivities } from '../../activities/reconciliation';
import type { Database } from '../../db/database';
import type { RedisLink } from '../../platform/redis-link';
import { streamAccess } from '../../platform/redis-scripts';

const RECONCILE_EVERY_MS = 10_000;
const RECONCILE_HOURS = 1;

/** Compares journal and streams, as the reconciler's schedule does, but more often. */
export function startReconciling(db: Database, redis: RedisLink) {
  const activities = createReconciliationActivities({
    ...{ db, redis: streamAccess(redis) },
    // Streams are all that is compared here.
    stripe: undefined as never,
  });
  let republished = 0;
  const stopping = new AbortController();
  const rounds = (async () => {
    while (!stopping.signal.aborted) {
      for (let next: number | null = 0; next !== null;) {
        const page = { afterJournalId: next, sinceHours: RECONCILE_HOURS };
        const compared = await activities.reconcileStreams(page);
        republished += compared.republished.length;
        next = compared.next;
      }
      await sleep(RECONCILE_EVERY_MS, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await rounds;
      return republished;
    },
  };
}

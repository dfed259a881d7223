import { readBacklog, type Backlog } from '../../db/backlog';
import type { Database } from '../../db/database';
import { Problem } from '../http/problem';

/** How old a look at the backlog may be: a burst between two looks is a second of orders. */
const LOOK_MS = 1_000;

/** From where on no new orders are taken. */
export interface AdmissionSettings {
  readonly maxPending: number;
  readonly maxWaitSeconds: number;
}

/** Refuses new orders with 503 `overloaded` before those that wait would drown. */
export interface Admission {
  readonly refuseWhenOverloaded: () => Promise<void>;
}

/** Looks at most once a second, and only when somebody wants to place an order. */
export function createAdmission(db: Database, settings: AdmissionSettings): Admission {
  let look: Promise<Backlog> | undefined;
  let lookedAt = -Infinity;

  function backlog(): Promise<Backlog> {
    if (look && performance.now() - lookedAt < LOOK_MS) return look;
    lookedAt = performance.now();
    look = readBacklog(db, settings.maxPending + 1);
    look.catch(() => (look = undefined));
    return look;
  }
  return {
    async refuseWhenOverloaded() {
      const reason = overload(await backlog(), settings);
      if (reason === undefined) return;
      const headers = { 'Retry-After': String(RETRY_AFTER_SECONDS) };
      throw new Problem('overloaded', { detail: reason, headers });
    },
  };
}

/** Long enough for a worker to come back, short enough for a customer at a till. */
const RETRY_AFTER_SECONDS = 10;

function overload(
  { pending, oldestWaitSeconds, taskQueueSeconds }: Backlog,
  { maxPending, maxWaitSeconds }: AdmissionSettings,
): string | undefined {
  if (pending > maxPending) return `more than ${maxPending} orders are waiting`;
  const waited = Math.max(oldestWaitSeconds, taskQueueSeconds);
  if (waited > maxWaitSeconds) return `orders have waited for more than ${maxWaitSeconds} s`;
  return undefined;
}

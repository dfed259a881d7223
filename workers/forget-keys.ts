import type { Logger } from 'pino';
import type { Database } from '../db/database';
import { forgetExpiredKeys } from '../db/placement';
import { repeat, type RepeatedDuty } from '../platform/repeat';

const INTERVAL_MS = 10_000;

/** A few at a time, so that the delete never holds many locks. */
const BATCH = 500;

/** Forgets idempotency keys that are past their time. */
export function forgetKeys({ db, logger }: { db: Database; logger: Logger }): RepeatedDuty {
  return repeat({ name: 'forget keys', intervalMs: INTERVAL_MS, logger }, async () => {
    const forgotten = await forgetExpiredKeys(db, BATCH);
    if (forgotten > 0) logger.info({ forgotten }, 'forgot expired idempotency keys');
  });
}

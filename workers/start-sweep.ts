import type { Logger } from 'pino';
import type { SagaStarter } from '../api/saga-starter';
import type { Database } from '../db/database';
import { findOrdersWithoutSaga } from '../db/orders';
import { forgetExpiredKeys } from '../db/placement';
import { repeat, type RepeatedDuty } from '../platform/repeat';

const SWEEP_INTERVAL_MS = 1_000;

/** Younger orders are left to the API that has just saved them. */
const MIN_AGE_MS = 2_000;

/** How many starts a round tries, and how many at once: a backlog must not drown Temporal. */
const BATCH = 100;
const CONCURRENCY = 10;

/** Keys are forgotten a few at a time, so that the delete never holds many locks. */
const EXPIRED_KEYS_BATCH = 500;

/**
 * Starts the saga of every pending order that has none: the API died before it started it, or
 * Temporal was away. Several sweeps at once do no harm: one order has one saga.
 */
export function startSweep({
  db,
  starter,
  logger,
}: {
  db: Database;
  starter: SagaStarter;
  logger: Logger;
}): RepeatedDuty {
  return repeat({ name: 'start sweep', intervalMs: SWEEP_INTERVAL_MS, logger }, async (signal) => {
    const orders = await findOrdersWithoutSaga(db, { olderThanMs: MIN_AGE_MS, limit: BATCH });
    while (orders.length > 0 && !signal.aborted) {
      const batch = orders.splice(0, CONCURRENCY);
      await Promise.all(batch.map((order) => starter.start(order)));
      logger.info({ orderIds: batch.map((order) => order.orderId) }, 'started sagas left behind');
    }
    await forgetExpiredKeys(db, EXPIRED_KEYS_BATCH);
  });
}

import type { Logger } from 'pino';
import type { SagaStarter } from '../api/saga-starter';
import type { Database } from '../db/database';
import { findOrdersWithoutSaga } from '../db/saga-starts';
import { repeat, type RepeatedDuty } from '../platform/repeat';

const SWEEP_INTERVAL_MS = 1_000;

/** Younger orders are left to the API that has just saved them. */
const MIN_AGE_MS = 2_000;

/** How many starts a round tries, and how many at once: a backlog must not drown Temporal. */
const BATCH = 100;
const CONCURRENCY = 10;

/** What the sweep needs. */
export interface StartSweepDependencies {
  readonly db: Database;
  readonly starter: SagaStarter;
  readonly logger: Logger;
}

/**
 * Starts the saga of every pending order that has none: the API died before it started it, or
 * Temporal was away. Several sweeps at once do no harm: one order has one saga.
 */
export function startSweep({ db, starter, logger }: StartSweepDependencies): RepeatedDuty {
  return repeat({ name: 'start sweep', intervalMs: SWEEP_INTERVAL_MS, logger }, async (signal) => {
    const orders = await findOrdersWithoutSaga(db, { olderThanMs: MIN_AGE_MS, limit: BATCH });
    for (let i = 0; i < orders.length && !signal.aborted; i += CONCURRENCY) {
      const batch = orders.slice(i, i + CONCURRENCY).map(async (order) => {
        const { orderId } = order;
        try {
          await starter.start(order);
          logger.info({ orderId }, 'started a saga left behind');
        } catch (err) {
          // One that cannot be started does not stop the others.
          logger.warn({ err, orderId }, 'saga not started, tried again in the next sweep');
        }
      });
      await Promise.all(batch);
    }
  });
}

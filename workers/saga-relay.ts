import type { Logger } from 'pino';
import type { Database, DatabaseOptions } from '../db/database';
import { listen } from '../db/listen';
import type { PendingOrder } from '../db/orders';
import { returnOrderToStart, takeOrdersToStart, WORK_CHANNEL, type Work } from '../db/saga-starts';
import { coalesced } from '../platform/coalesced';
import { repeat, type RepeatedDuty } from '../platform/repeat';
import type { SagaStarter } from './saga-starter';
import type { CancelRelay } from './cancel-relay';

/** How often it looks without being told: for what was left behind or could not be started. */
const SWEEP_INTERVAL_MS = 1_000;

/** How many starts may be under way at once: a backlog must not drown Temporal. */
const MAX_STARTS = 32;

/** What the relay needs. */
export interface SagaRelayDependencies {
  readonly db: Database;
  readonly listening: DatabaseOptions;
  readonly starter: SagaStarter;
  readonly cancelRelay: CancelRelay;
  readonly logger: Logger;
}

/**
 * Hands what the database says on to Temporal: starts the saga of every pending order, and carries
 * out wishes to call an order off. Told by NOTIFY, and a sweep finds what it was not told. Several
 * relays at once share the work, and one order has one saga all the same.
 */
export function startSagaRelay({
  db,
  listening,
  starter,
  cancelRelay,
  logger,
}: SagaRelayDependencies): RepeatedDuty {
  const starts = new Set<Promise<void>>();
  let isStopping = false;
  /** Takes orders for as long as there are any and there is room. */
  const takeAll = coalesced(takeSome);

  async function takeSome(): Promise<void> {
    const room = MAX_STARTS - starts.size;
    if (room <= 0 || isStopping) return;
    const orders = await takeOrdersToStart(db, room);
    for (const order of orders) {
      const started = start(order).finally(() => {
        starts.delete(started);
        // Room again: those who were left waiting are next.
        if (orders.length === room) wake();
      });
      starts.add(started);
    }
  }

  async function start(order: PendingOrder): Promise<void> {
    try {
      await starter.startOrderSaga(order);
    } catch (err) {
      logger.warn({ err, orderId: order.orderId }, 'saga not started, tried again later');
      await returnOrderToStart(db, order.orderId).catch((error: unknown) =>
        logger.warn({ err: error, orderId: order.orderId }, 'taken again later'),
      );
    }
  }

  function wake(): void {
    takeAll().catch((err: unknown) => logger.warn({ err }, 'could not take orders to start'));
  }

  const told = listen(listening, WORK_CHANNEL, {
    onNotification: (work) => {
      if (work === ('cancellation' satisfies Work)) cancelRelay.wake();
      else wake();
    },
    onListening: () => {
      wake();
      cancelRelay.wake();
    },
  });
  const sweep = repeat({ name: 'saga relay', intervalMs: SWEEP_INTERVAL_MS, logger }, async () => {
    // Not waited for: under load there is always another round of it.
    wake();
    await cancelRelay.relayAll();
  });
  return {
    async stop() {
      isStopping = true;
      await told.close();
      await sweep.stop();
      // A round under way has taken orders already.
      await takeAll().catch(() => undefined);
      await Promise.all(starts);
    },
  };
}

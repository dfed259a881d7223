import type { Transaction } from 'kysely';
import { z } from 'zod';
import type { EventOf } from '../events/envelope';
import { FraudSuspected } from '../events/fraud-events';
import { OrderShipped } from '../events/fulfilment-events';
import {
  OrderCancelled,
  OrderCreated,
  OrderFailed,
  OrderRejected,
  PaymentCaptured,
  PaymentRefunded,
} from '../events/order-events';
import { createSealer, sealingKeysSchema } from '../events/sealing';
import { defineConsumer, on, type Behaviour, type Effect } from './runtime/consumer';
import { Deliverer } from './webhooks/deliver';
import { FORGET_AT_ONCE, forgetDeliveries } from './webhooks/ledger';
import { planDeliveries } from './webhooks/plan';
import { deliveryRecords } from './webhooks/records';
import {
  WEBHOOKS_BY_EVENT,
  WEBHOOKS_INDEXES,
  WEBHOOKS_TABLES,
  WEBHOOKS_TENANTS,
  type WebhooksSchema,
} from './webhooks/tables';

const DELIVERY_INTERVAL_MS = 250;
const FORGET_INTERVAL_MS = 3_600_000;
/** What is read again and is older is no news: as long as a delivery is tried. */
const NEWS_MS = 72 * 3_600_000;

/**
 * Tells customers' own servers what happened, signed as Standard Webhooks say. The reaction only
 * plans the deliveries; a task sends them, so that no server on the internet delays an event. The
 * order in which they arrive is not promised.
 */
export const consumer = defineConsumer({
  group: 'webhooks',
  batchSize: 20,
  settings: z.object({
    EVENT_SEALING_KEYS: sealingKeysSchema,
    WEBHOOKS_ALLOW_LOOPBACK: z
      .stringbool()
      .default(false)
      .describe('Development only: webhooks may go to this machine, and there without TLS.'),
  }),
  migrations: {
    '0001_deliveries': WEBHOOKS_TABLES,
    '0002_indexes': WEBHOOKS_INDEXES,
    '0003_tenants': WEBHOOKS_TENANTS,
    '0004_by_event': WEBHOOKS_BY_EVENT,
  },
  recordsOf: deliveryRecords,
  create: ({ EVENT_SEALING_KEYS, WEBHOOKS_ALLOW_LOOPBACK }): Behaviour<WebhooksSchema> => {
    const policy = { isLoopbackAllowed: WEBHOOKS_ALLOW_LOOPBACK };
    const deliverer = new Deliverer(createSealer(EVENT_SEALING_KEYS), { policy });
    return {
      reactions: [
        on(OrderCreated, tell),
        on(OrderRejected, tell),
        on(OrderFailed, tell),
        on(OrderCancelled, tell),
        on(OrderShipped, tell),
        on(PaymentCaptured, tell),
        on(PaymentRefunded, tell),
        on(FraudSuspected, tell),
      ],
      tasks: [
        {
          name: 'deliver webhooks',
          intervalMs: DELIVERY_INTERVAL_MS,
          run: (db, signal) => deliverer.beginDue(db, signal),
        },
        {
          name: 'forget webhook deliveries',
          intervalMs: FORGET_INTERVAL_MS,
          run: async (db, signal) => {
            while (!signal.aborted && (await forgetDeliveries(db)) === FORGET_AT_ONCE) continue;
          },
        },
      ],
      close: () => deliverer.stop(),
    };
  },
});

async function tell(
  event: EventOf<object>,
  { tx, isReplay }: { tx: Transaction<WebhooksSchema>; isReplay: boolean },
): Promise<Effect> {
  // An event that merely lagged is told all the same, however it comes.
  const isOld = Date.now() - Date.parse(event.time) > NEWS_MS;
  if (isReplay && isOld) return { deliveries: 0 };
  return { deliveries: await planDeliveries(tx, event) };
}

import type { Context } from 'koa';
import { sql, type Kysely, type Transaction } from 'kysely';
import { z } from 'zod';
import { defineConsumer, on, type Behaviour } from '../../consumers/runtime/consumer';
import { publishInto, sourceOf } from '../../consumers/runtime/follow-ups';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { EventContract } from '../../events/envelope';
import { streamOf } from '../../events/streams';
import { loadConfig } from '../../platform/config';
import { openArchive } from '../../workers/connections';
import type { AnyConsumer } from '../../workers/consumer-registry';
import { startConsumer } from '../../workers/start-consumer';
import { runHttpService } from '../http-service';
import {
  moveOrder,
  orderRequest,
  ORDERS_TABLES,
  saveOrder,
  type Order,
  type OrdersSchema,
} from '../participants/orders';
import { PLACEMENT_DEADLINE_SECONDS } from '../placement-deadline';
import {
  OrderConfirmed,
  OrderExpired,
  OrderPlaced,
  PaymentAuthorized,
  PaymentDeclined,
  StockRefused,
  type ToldOrder,
} from './events';

/** How often is looked for orders whose end nobody has heard of. */
const EXPIRY_MS = 1_000;
const BATCH = 50;

/** What the orders' service makes of what the others say. */
export const orders = defineConsumer({
  group: 'contrast_orders',
  settings: z.object({}),
  migrations: { '0001_orders': ORDERS_TABLES },
  create: (): Behaviour<OrdersSchema> => ({
    reactions: [
      on(PaymentAuthorized, async ({ data }, { tx, publish }) => {
        // One that has expired is said to have, and its payment hears of it.
        if (!(await moveOrder(tx, data.orderId, 'pending', 'confirmed'))) return;
        await publish(OrderConfirmed, { subject: data.orderId, data });
      }),
      on(StockRefused, ({ data }, { tx }) => reject(tx, data, 'out_of_stock')),
      on(PaymentDeclined, ({ data }, { tx }) => reject(tx, data, 'card_declined')),
    ],
    tasks: [{ name: 'expire orders', intervalMs: EXPIRY_MS, run: expireOrders }],
  }),
});

async function reject(tx: Transaction<OrdersSchema>, { orderId }: ToldOrder, code: string) {
  await moveOrder(tx, orderId, 'pending', 'rejected', code);
}

/** In a choreography nobody waits for the end; so somebody has to look. */
async function expireOrders(db: Kysely<OrdersSchema>): Promise<void> {
  const { rows } = await sql<{ order_id: string }>`
    select order_id from orders where status = 'pending'
      and placed_at < now() - make_interval(secs => ${PLACEMENT_DEADLINE_SECONDS})
    limit ${BATCH}`.execute(db);
  for (const { order_id } of rows) {
    await db.transaction().execute(async (tx) => {
      const expired = await moveOrder(tx, order_id, 'pending', 'failed', 'timed_out');
      if (expired) await say(tx, OrderExpired, expired);
    });
  }
}

/** Saves the order and what is said of it in one transaction; then answers. */
async function place(ctx: Context, db: Kysely<OrdersSchema>): Promise<void> {
  const request = orderRequest.safeParse(ctx.request.body);
  const key = ctx.get('Idempotency-Key');
  if (!request.success || key === '') return ctx.throw(400, 'no order, or no Idempotency-Key');
  const order = await db.transaction().execute(async (tx) => {
    const saved = await saveOrder(tx, key, request.data);
    if (saved?.isNew) await say(tx, OrderPlaced, saved.order);
    return saved?.order ?? ctx.throw(422, 'there is no such product');
  });
  ctx.status = 202;
  ctx.body = { id: order.order_id, status: order.status };
}

async function say<Name extends string>(
  tx: Transaction<OrdersSchema>,
  contract: EventContract<Name, ToldOrder>,
  order: Order,
): Promise<void> {
  const { order_id: orderId, email, sku, quantity } = order;
  const { total_minor: amountMinor, payment_method: paymentMethod } = order;
  const told = { orderId, email, sku, quantity, amountMinor, currency: 'EUR', paymentMethod };
  // The runtime's own tables are in the same schema.
  const runtime = tx as unknown as Transaction<RuntimeSchema>;
  const publish = publishInto(runtime, { source: sourceOf(orders.group), streamOf });
  await publish(contract, { subject: orderId, data: told });
}

if (require.main === module) {
  runHttpService<OrdersSchema>(orders.group, async ({ router, db, lifecycle, logger }) => {
    const config = loadConfig('DATABASE_URL', 'REDIS_URL', 'CONSUMER_LEASE_SECONDS');
    const host = {
      ...{ lifecycle, logger },
      ...{ databaseUrl: config.DATABASE_URL, redisUrl: config.REDIS_URL },
      leaseSeconds: config.CONSUMER_LEASE_SECONDS,
      archive: openArchive(lifecycle, logger, { url: config.DATABASE_URL }),
    };
    await startConsumer(host, orders as unknown as AnyConsumer);
    router.post('/v1/orders', (ctx) => place(ctx, db));
  });
}

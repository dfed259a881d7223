import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { sql } from 'kysely';
import { findOrder } from '../../db/orders';
import { waitFor } from '../../dev/wait';
import { PARTITIONS, streamKey } from '../../events/streams';
import { cancelOrderSagaId, ORDER_SAGA, orderSagaId } from '../../workflows/messages';
import { savePendingOrder, stockOf } from '../jest/new-order';
import { violations } from '../../chaos/invariants';
import { Stack } from './stack';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock('OUTCOME', 1_000);
});
afterAll(() => stack.close());
afterEach(async () => expect(await violations(stack)).toEqual([]));

test('an order is confirmed, paid, told to the consumers, and everyone reacts', async () => {
  const placed = await stack.place({ sku: 'OUTCOME', quantity: 2 }, { waitSeconds: 20 });
  expect(placed.status).toBe('confirmed');
  expect(await stack.ended(placed.id)).toMatchObject({ paymentStatus: 'captured' });
  await stack.reacted([placed.id]);
  expect(await stack.mailsAbout(placed.id)).toHaveLength(1);
});

test('an order for more than there is is rejected, and leaves no trace in stock or money', async () => {
  await stack.stock('FEW', 3);
  const placed = await stack.place({ sku: 'FEW', quantity: 4 }, { waitSeconds: 20 });
  expect(placed).toMatchObject({ status: 'rejected', outcomeCode: 'out_of_stock' });
  await stack.ended(placed.id);
  expect(await stockOf(stack.db, 'FEW')).toEqual({ on_hand: 3, reserved: 0 });
  expect(await stack.intents(placed.id)).toEqual([]);
});

test('an order whose card is declined is rejected, and its stock is there for the next', async () => {
  await stack.stock('LAST', 1);
  const paymentMethod = 'pm_card_chargeDeclined';
  const declined = await stack.place({ sku: 'LAST' }, { paymentMethod, waitSeconds: 20 });
  expect(declined).toMatchObject({ status: 'rejected', outcomeCode: 'payment_declined' });
  const next = await stack.place({ sku: 'LAST' }, { waitSeconds: 20 });
  expect(next.status).toBe('confirmed');
  await Promise.all([stack.ended(declined.id), stack.ended(next.id)]);
  expect(await stockOf(stack.db, 'LAST')).toEqual({ on_hand: 0, reserved: 0 });
});

test('a saga that is cancelled while it authorizes waits for the outcome and undoes it', async () => {
  // Longer than the client waits: the attempt fails, and nobody here knows that it took effect.
  await stack.delayPayments(8_500);
  try {
    const { id } = await stack.place({ sku: 'OUTCOME' });
    await waitFor('the authorization to begin', 20_000, async () =>
      (await stack.startedActivity(id)) === 'authorizePayment' ? true : undefined,
    );
    expect((await stack.cancel(id)).status).toBe(202);
    await stack.delayPayments(0);
    expect(await stack.ended(id)).toMatchObject({ status: 'cancelled' });
    expect(await stack.intents(id)).toMatchObject([{ status: 'canceled' }]);
  } finally {
    await stack.delayPayments(0);
  }
});

test('a confirmed order is called off: money back, stock back, points back, and told', async () => {
  const before = await stockOf(stack.db, 'OUTCOME');
  const { id } = await stack.place({ sku: 'OUTCOME', quantity: 3 }, { waitSeconds: 20 });
  await stack.ended(id);
  await stack.reacted([id]);
  const answer = await stack.cancel(id, 20);
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({ status: 'cancelled', paymentStatus: 'refunded' });
  expect((await stack.cancel(id)).status).toBe(200);
  expect(await stockOf(stack.db, 'OUTCOME')).toEqual(before);
  expect(await stack.intents(id)).toMatchObject([{ amount_refunded: 3_000 }]);
  await waitFor('the points to be taken back', 20_000, async () => {
    const { rows } = await sql<{ points: number }>`
      select sum(points)::int as points from loyalty.points where order_id = ${id}`.execute(
      stack.db,
    );
    return rows[0]?.points === 0 ? true : undefined;
  });
  await stack.temporal.workflow.getHandle(cancelOrderSagaId(id)).result();
});

test('an order that is called off at any moment has one ending, and it is the true one', async () => {
  const orders = await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      const { id } = await stack.place({ sku: 'OUTCOME' });
      // Spread over the whole life of a saga, from before its start to after its end.
      await new Promise((resolve) => setTimeout(resolve, i * 8));
      const twice = await Promise.all([stack.cancel(id, 25), stack.cancel(id, 25)]);
      expect(twice.map(({ status }) => status)).toEqual([200, 200]);
      return id;
    }),
  );
  const ended = await Promise.all(orders.map((id) => stack.ended(id)));
  expect(new Set(ended.map(({ status }) => status))).toEqual(new Set(['cancelled']));
});

test('an order that is shipped, rejected or not there cannot be called off', async () => {
  const { id } = await stack.place({ sku: 'OUTCOME' }, { waitSeconds: 20 });
  await stack.ended(id);
  for (const fulfilment_status of ['requested', 'shipped'] as const) {
    const rows = stack.db.updateTable('orders.orders').set({ fulfilment_status });
    await rows.where('order_id', '=', id).execute();
  }
  const shipped = await stack.cancel(id, 20);
  expect([shipped.status, await shipped.json()]).toMatchObject([
    409,
    { type: '/problems/order-shipped' },
  ]);
  const paymentMethod = 'pm_card_chargeDeclined';
  const rejected = await stack.place({ sku: 'OUTCOME' }, { paymentMethod, waitSeconds: 20 });
  expect((await stack.cancel(rejected.id)).status).toBe(409);
  await stack.ended(rejected.id);
  expect((await stack.cancel('ord_00000000-0000-7000-8000-000000000000')).status).toBe(404);
});

test('the deadline comes while the provider does not answer: everything is undone, the order failed', async () => {
  // Longer than the client waits: the attempt fails after it took effect, and nobody here knows.
  await stack.delayPayments(9_000);
  const lines = [{ sku: 'OUTCOME', quantity: 1 }];
  // Its saga is started here, with a deadline of its own.
  const { orderId, currency, totalMinor } = await stack.db.transaction().execute(async (tx) => {
    const order = await savePendingOrder(tx, lines);
    const later = sql<Date>`now() + interval '1 hour'`;
    const rows = tx.updateTable('orders.orders').set({ saga_started_at: later });
    await rows.where('order_id', '=', order.orderId).execute();
    return order;
  });
  try {
    await stack.temporal.workflow.start(ORDER_SAGA, {
      workflowId: orderSagaId(orderId),
      taskQueue: 'orders',
      args: [{ orderId, lines, amountMinor: totalMinor, currency, placementDeadlineMs: 2_000 }],
    });
    await waitFor('the attempt to be given up', 30_000, async () =>
      (await stack.startedActivity(orderId)) === 'voidAuthorization' ? true : undefined,
    );
  } finally {
    await stack.delayPayments(0);
  }
  await stack.sagaEnded(orderId);
  const order = await findOrder(stack.db, orderId);
  expect(order).toMatchObject({ status: 'failed', outcomeCode: 'placement_deadline' });
  expect(await stack.intents(orderId)).toMatchObject([{ status: 'canceled' }]);
});

test('the Temporal Web UI can find a saga by its customer and says what it is about', async () => {
  const customer = { id: 'cus_findable', email: 'f@example.com' };
  const { id } = await stack.place({ sku: 'OUTCOME', quantity: 2 }, { customer, waitSeconds: 20 });
  const { typedSearchAttributes, staticSummary, workflowId } = await describe(id);
  expect(workflowId).toBe(`order-${id}`);
  expect(await staticSummary()).toBe('20.00 EUR, 2 × OUTCOME');
  const attributes = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
  expect(attributes).toEqual(
    expect.arrayContaining([
      ['CustomerId', 'cus_findable'],
      ['OrderTotalMinor', 2_000],
      ['Currency', 'EUR'],
    ]),
  );
  await stack.ended(id);
});

test('names and mail addresses are in no history, no stream and no log', async () => {
  const customer = { id: 'cus_c', email: 'canary-7@example.com', name: 'Canary Seven' };
  const { id } = await stack.place({ sku: 'OUTCOME' }, { customer, waitSeconds: 20 });
  await stack.ended(id);
  await stack.reacted([id]);

  const history = await stack.temporal.workflow.getHandle(orderSagaId(id)).fetchHistory();
  const entries = await Promise.all(
    PARTITIONS.map((p) => stack.redis.xRange(streamKey(p), '-', '+')),
  );
  const logs = readdirSync(path.join(stack.folder, 'logs')).map((file) =>
    stack.log(path.basename(file, '.log')),
  );
  const payloads = Buffer.from(historyToJSON(history)).toString();
  const decoded = payloads.replace(/"data": "([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString(),
  );
  expect(decoded).toContain(id);
  expect(JSON.stringify(entries)).toContain(id);
  // What the servers keep on disk, as bytes.
  const stores = ['temporal/temporal.db', 'temporal/temporal.db-wal', 'redis/appendonlydir'];
  const kept = stores.flatMap((store) => bytesOf(path.join(stack.folder, store)));
  expect(kept.some((text) => text.includes(id))).toBe(true);
  for (const text of [decoded, JSON.stringify(entries), ...logs, ...kept]) {
    expect(text).not.toMatch(/canary-7|Canary Seven|pm_card_visa/);
  }
});

/** The contents of a file, or of all files in a folder. */
function bytesOf(file: string): string[] {
  if (!existsSync(file)) return [];
  if (!statSync(file).isDirectory()) return [readFileSync(file, 'latin1')];
  return readdirSync(file).flatMap((name) => bytesOf(path.join(file, name)));
}

async function describe(orderId: string) {
  return stack.temporal.workflow.getHandle(orderSagaId(orderId)).describe();
}

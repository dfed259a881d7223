import { sql } from 'kysely';
import { stopShipment } from '../../db/cancellations';
import { closeOrder, confirmOrder } from '../../db/order-endings';
import { findOrder } from '../../db/orders';
import { waitFor } from '../../dev/wait';
import { reserveStock } from '../../db/inventory';
import { stockProduct } from '../../dev/catalogue';
import { ApiHarness, goodOrder } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 100);
});
afterAll(() => api.close());

interface OrderBody {
  readonly id: string;
  readonly status: string;
}

/** Long before the wait itself is over: who is not told would be answered only then. */
const TOLD_WITHIN_MS = 15_000;

const seal = () => Promise.resolve('sealed');
const place = (key: string, headers: Record<string, string> = {}, body: unknown = goodOrder()) =>
  api.post(body, { 'Idempotency-Key': key, ...headers });

async function confirm(orderId: string): Promise<void> {
  await reserveStock(api.database.db, orderId, [{ sku: 'TEA', quantity: 2 }]);
  await confirmOrder(api.database.db, orderId, seal);
}

test('accepts an order, prices it from the catalogue, and lets it be read', async () => {
  const response = await place('accept');
  expect(response.status).toBe(202);
  const order = (await response.json()) as OrderBody;
  expect(order).toMatchObject({
    object: 'order',
    status: 'pending',
    totalMinor: 2_000,
    currency: 'EUR',
    lines: [{ sku: 'TEA', quantity: 2, unitPriceMinor: 1_000 }],
  });
  expect(response.headers.get('location')).toBe(`/v1/orders/${order.id}`);

  const read = await api.request(`/v1/orders/${order.id}`);
  expect(await read.json()).toEqual(order);
  expect(JSON.stringify(order)).not.toContain('ada@example.com');
});

test('the same key twenty times at once is one order with one answer', async () => {
  const before = await api.countOrders();
  const responses = await Promise.all(Array.from({ length: 20 }, () => place('twenty')));
  const bodies = await Promise.all(responses.map((response) => response.text()));
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(bodies).size).toBe(1);
  expect(await api.countOrders()).toBe(before + 1);
  const replayed = responses.filter(({ headers }) => headers.get('idempotent-replayed') === 'true');
  expect(replayed).toHaveLength(19);
});

test('a replay says what was said then, also after the order went on and the price changed', async () => {
  const first = (await (await place('replay')).json()) as OrderBody;
  await confirm(first.id);
  await api.database.db
    .updateTable('inventory.products')
    .set({ unit_price_minor: 1 })
    .where('sku', '=', 'TEA')
    .execute();
  const replay = await place('replay');
  await api.database.db
    .updateTable('inventory.products')
    .set({ unit_price_minor: 1_000 })
    .where('sku', '=', 'TEA')
    .execute();
  expect(replay.status).toBe(202);
  expect(replay.headers.get('idempotent-replayed')).toBe('true');
  expect(await replay.json()).toEqual(first);
});

test('the same key with another body is refused, with the same body in another order it is not', async () => {
  await place('reuse');
  const other = await place('reuse', {}, { ...goodOrder(), paymentMethod: 'pm_card_mastercard' });
  expect(other.status).toBe(422);
  expect(await other.json()).toMatchObject({ type: '/problems/idempotency-key-reused' });
  const { customer, lines, paymentMethod } = goodOrder();
  expect((await place('reuse', {}, { paymentMethod, lines, customer })).status).toBe(202);
});

test('a key whose first request is still being saved is answered 409, to be tried again', async () => {
  const { db } = api.database;
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('orders.idempotency_keys')
      .values({
        caller: 'shop',
        key: 'slow',
        body_hash: 'x',
        order_id: 'x',
        expires_at: new Date(),
      })
      .execute();
    const response = await place('slow');
    expect(response.status).toBe(409);
    expect(response.headers.get('retry-after')).toBe('1');
    await tx.deleteFrom('orders.idempotency_keys').where('key', '=', 'slow').execute();
  });
  expect((await place('slow')).status).toBe(202);
});

test(
  'who prefers to wait is answered 201 with the outcome, and everyone the same',
  async () => {
    const waiting = Array.from({ length: 5 }, () => place('wait', { Prefer: 'wait=30' }));
    const accepted = (await (await place('wait')).json()) as OrderBody;
    await confirm(accepted.id);
    const responses = await Promise.all(waiting);
    const bodies = await Promise.all(responses.map((response) => response.text()));
    expect(new Set(bodies).size).toBe(1);
    expect(JSON.parse(bodies[0]!)).toMatchObject({ id: accepted.id, status: 'confirmed' });
    for (const { status, headers } of responses) {
      expect([status, headers.get('preference-applied')]).toEqual([201, 'wait=30']);
    }
  },
  TOLD_WITHIN_MS,
);

test(
  'a rejection is an outcome too',
  async () => {
    const waiting = place('rejected', { Prefer: 'wait=30' });
    const { id } = (await (await place('rejected')).json()) as OrderBody;
    const closing = { orderId: id, status: 'rejected', code: 'out_of_stock' } as const;
    await closeOrder(api.database.db, closing, seal);
    const response = await waiting;
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({
      status: 'rejected',
      outcomeCode: 'out_of_stock',
    });
  },
  TOLD_WITHIN_MS,
);

test('who waits in vain is answered 202 in time', async () => {
  const response = await place('in-vain', { Prefer: 'wait=1' });
  expect(response.status).toBe(202);
  expect(await response.json()).toMatchObject({ status: 'pending' });
});

test('lists the catalogue a page at a time', async () => {
  await stockProduct(api.database.db, 'A-FIRST', 3);
  await stockProduct(api.database.db, 'ZZ-LAST', 4);
  const first = (await (await api.request('/v1/products?limit=1')).json()) as Record<
    string,
    unknown
  >;
  expect(first).toMatchObject({ data: [{ sku: 'A-FIRST', available: 3 }], has_more: true });
  const rest = await api.request('/v1/products?limit=5&starting_after=WHISK-BAMBOO');
  expect(await rest.json()).toMatchObject({ data: [{ sku: 'ZZ-LAST' }], has_more: false });
});

test('says that it lives and is ready, and gives each request an id', async () => {
  expect((await api.request('/livez')).status).toBe(200);
  const ready = await api.request('/readyz', { headers: { 'Request-Id': 'mine-1' } });
  expect([ready.status, ready.headers.get('request-id')]).toEqual([200, 'mine-1']);
});

test('while another holds an order for too long its cancellation is told to come back', async () => {
  const { id } = (await (await place('held')).json()) as OrderBody;
  await api.database.db.transaction().execute(async (tx) => {
    await sql`select 1 from orders.orders where order_id = ${id} for update`.execute(tx);
    const response = await api.request(`/v1/orders/${id}/cancel`, { method: 'POST' });
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  });
});

test('who waits for a cancellation is told at once when the parcel has left meanwhile', async () => {
  const { id } = (await (await place('left')).json()) as OrderBody;
  await confirm(id);
  const { db } = api.database;
  await sql`update orders.orders set fulfilment_status = 'requested' where order_id = ${id}`.execute(
    db,
  );
  const startedAt = performance.now();
  const waiting = api.request(`/v1/orders/${id}/cancel`, {
    method: 'POST',
    headers: { Prefer: 'wait=25' },
  });
  await waitFor('the request', TOLD_WITHIN_MS, async () => {
    const order = await findOrder(db, id);
    return order?.isCancelRequested ? true : undefined;
  });
  await sql`update orders.orders set fulfilment_status = 'shipped' where order_id = ${id}`.execute(
    db,
  );
  expect(await stopShipment(db, id)).toBe('shipped');
  const response = await waiting;
  expect([response.status, await response.json()]).toMatchObject([
    ...[409, { type: '/problems/order-shipped' }],
  ]);
  expect(performance.now() - startedAt).toBeLessThan(TOLD_WITHIN_MS);
});

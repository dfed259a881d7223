import { consumer } from '../../consumers/fulfilment';
import { consumer as follower } from '../../consumers/fulfilment-status';
import { listShipments, ship, type FulfilmentSchema } from '../../consumers/fulfilment/shipments';
import { requestCancellation, stopShipment } from '../../db/cancellations';
import { readJournal } from '../../db/journal';
import { OrderShipped } from '../../events/fulfilment-events';
import { OrderCancelled, OrderCreated } from '../../events/order-events';
import { savePendingOrder } from '../jest/new-order';
import { ConsumerHarness, orderFacts } from './consumer-harness';

const PARCEL = { carrier: 'DHL', trackingNumber: 'JD01', by: 'me' };
const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_000 }];

let fulfilment: ConsumerHarness<FulfilmentSchema>;
beforeEach(async () => {
  fulfilment = await ConsumerHarness.open(consumer);
});
afterEach(() => fulfilment.close());

const create = (orderId: string) =>
  fulfilment.tell(OrderCreated, { ...orderFacts(orderId), lines });
const outbox = () =>
  fulfilment.db.selectFrom('outbox').select(['event_id', 'event_type', 'key', 'body']).execute();

test('asks for a shipment of each confirmed order, and ships it once', async () => {
  expect(await create('o1')).toEqual({ shipment: 'requested' });
  expect(await ship(fulfilment.db, 'o1', PARCEL)).toEqual({ outcome: 'shipped' });
  expect(await ship(fulfilment.db, 'o1', PARCEL)).toMatchObject({ outcome: 'shipped_before' });
  const events = await outbox();
  expect(events).toMatchObject([{ event_id: 'o1/OrderShipped/1', key: 'o1' }]);
  expect(JSON.parse(events[0]!.body)).toMatchObject({
    type: 'shop.order.shipped.v1',
    source: '/tandem/fulfilment',
    causationid: 'o1/OrderCreated/1',
    data: { carrier: 'DHL', trackingNumber: 'JD01', customerId: 'cus_1', sealed: 'sealed' },
  });
  const shipped = await listShipments(fulfilment.db, { status: 'shipped', limit: 5 });
  expect(shipped).toMatchObject([{ orderId: 'o1', shippedBy: 'me' }]);
});

test('ships nothing that was called off before or after it was asked for', async () => {
  await create('o1');
  await fulfilment.tell(OrderCancelled, { ...orderFacts('o1'), code: 'customer' });
  await fulfilment.tell(OrderCancelled, { ...orderFacts('o2'), code: 'customer' });
  expect(await create('o2')).toEqual({ shipment: 'stopped' });
  for (const id of ['o1', 'o2']) {
    expect(await ship(fulfilment.db, id, PARCEL)).toEqual({ outcome: 'stopped' });
  }
  expect(await ship(fulfilment.db, 'o3', PARCEL)).toEqual({ outcome: 'unknown' });
  expect(await outbox()).toEqual([]);
});

async function confirmedOrder(): Promise<string> {
  const { orderId } = await savePendingOrder(fulfilment.database.db, [{ sku: 'TEA', quantity: 1 }]);
  await fulfilment.database.db
    .updateTable('orders.orders')
    .set({ status: 'confirmed' })
    .where('order_id', '=', orderId)
    .execute();
  return orderId;
}

async function orderRow(orderId: string) {
  return fulfilment.database.db
    .selectFrom('orders.orders')
    .select(['fulfilment_status', 'cancel_requested_at'])
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
}

test('a cancellation that comes before the shipment is asked for bars it', async () => {
  const orderId = await confirmedOrder();
  expect(await stopShipment(fulfilment.database.db, orderId)).toBe('stopped');
  expect(await create(orderId)).toEqual({ shipment: 'stopped' });
  expect(await stopShipment(fulfilment.database.db, orderId)).toBe('stopped');
});

test('a cancellation that comes after the parcel has left is refused, and the order stands', async () => {
  const orderId = await confirmedOrder();
  await create(orderId);
  await ship(fulfilment.db, orderId, PARCEL);
  // The order itself does not say so yet.
  await requestCancellation(fulfilment.database.db, orderId, { tenant: 'test' });
  expect(await stopShipment(fulfilment.database.db, orderId)).toBe('shipped');
  expect((await orderRow(orderId)).cancel_requested_at).toBeNull();
});

test('of shipping and cancelling at once exactly one wins', async () => {
  for (let round = 0; round < 10; round += 1) {
    const orderId = await confirmedOrder();
    await create(orderId);
    const [stopped, shipped] = await Promise.all([
      stopShipment(fulfilment.database.db, orderId),
      ship(fulfilment.db, orderId, PARCEL),
    ]);
    const both = [stopped, shipped.outcome].join();
    expect(['stopped,stopped', 'shipped,shipped']).toContain(both);
  }
});

test('the order follows its shipment, and says so in its journal', async () => {
  const status = await ConsumerHarness.open(follower, {}, fulfilment.database);
  const { orderId, called } = { orderId: await confirmedOrder(), called: await confirmedOrder() };
  await requestCancellation(fulfilment.database.db, called, { tenant: 'test' });
  for (const id of [orderId, called]) {
    await status.tell(OrderCreated, { ...orderFacts(id), lines });
  }
  expect((await orderRow(orderId)).fulfilment_status).toBe('requested');
  expect((await orderRow(called)).fulfilment_status).toBe('none');
  const shipped = { orderId, customerId: 'c', carrier: 'DHL', trackingNumber: '1', sealed: 's' };
  for (let times = 0; times < 2; times += 1) await status.tell(OrderShipped, shipped);
  expect((await orderRow(orderId)).fulfilment_status).toBe('shipped');
  const journal = await readJournal(fulfilment.database.db, orderId);
  expect(journal.filter(({ name }) => name === 'FulfilmentShipped')).toMatchObject([
    { detail: { carrier: 'DHL', trackingNumber: '1' } },
  ]);
});

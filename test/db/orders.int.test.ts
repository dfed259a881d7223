import { reserveStock, releaseStock } from '../../db/inventory';
import { readJournal } from '../../db/journal';
import { closeOrder, confirmOrder } from '../../db/order-endings';
import { findOrder, noteAttention } from '../../db/orders';
import { openPayment, recordAuthorized, recordCaptured, recordVoided } from '../../db/payments';
import { findOrdersWithoutSaga, markSagaStarted } from '../../db/saga-starts';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder, stockOf, stockProduct } from '../jest/new-order';

const seal = () => Promise.resolve('sealed');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 1_000);
});
afterAll(() => database.close());

async function reservedOrder() {
  const lines = [{ sku: 'TEA', quantity: 2 }];
  const order = await savePendingOrder(database.db, lines);
  await reserveStock(database.db, order.orderId, lines);
  return order;
}

test('confirming commits the hold and records OrderCreated, once, with its repeat', async () => {
  const { db } = database;
  const before = await stockOf(db, 'TEA');
  const { orderId } = await reservedOrder();
  const confirmations = await Promise.all([1, 2, 3].map(() => confirmOrder(db, orderId, seal)));
  const eventId = `${orderId}/OrderCreated/1`;
  expect(confirmations).toEqual(Array(3).fill({ outcome: 'ended', eventId }));

  const journal = await readJournal(db, orderId);
  expect(journal.map(({ sequence, name }) => [sequence, name])).toEqual([
    [1, 'OrderPlaced'],
    [2, 'OrderCreated'],
  ]);
  expect(await stockOf(db, 'TEA')).toEqual({ on_hand: before.on_hand - 2, reserved: 0 });
});

test('an order whose hold was released is not confirmed, and nothing is changed', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  await releaseStock(db, orderId);
  expect(await confirmOrder(db, orderId, seal)).toEqual({ outcome: 'hold_released' });
  expect(await findOrder(db, orderId)).toMatchObject({ status: 'pending' });
  expect(await readJournal(db, orderId)).toHaveLength(1);
});

test('confirming and closing at once: one of them wins, the other hears of it', async () => {
  const { db } = database;
  for (let i = 0; i < 10; i++) {
    const { orderId } = await reservedOrder();
    const [confirmed, closed] = await Promise.all([
      confirmOrder(db, orderId, seal),
      closeOrder(db, { orderId, status: 'failed', code: 'system_failure' }, seal),
    ]);
    const outcomes = [confirmed?.outcome, closed?.outcome].sort();
    expect(outcomes).toEqual(['ended', 'ended_otherwise']);
    const endings = (await readJournal(db, orderId)).filter(({ eventId }) => eventId !== null);
    expect(endings).toHaveLength(1);
  }
});

test('events of an order are numbered 1, 2, 3 whatever else is in its journal', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  await openPayment(db, { orderId, amountMinor: 2_000, currency: 'EUR' });
  await recordAuthorized(db, orderId, `pi_${orderId}`);
  await confirmOrder(db, orderId, seal);
  await recordCaptured(db, orderId);
  await recordCaptured(db, orderId);

  const rows = await db
    .selectFrom('orders.journal')
    .select(['sequence', 'name', 'event_sequence'])
    .where('order_id', '=', orderId)
    .orderBy('sequence')
    .execute();
  expect(rows.map((row) => [row.sequence, row.name, row.event_sequence])).toEqual([
    [1, 'OrderPlaced', null],
    [2, 'PaymentAuthorized', null],
    [3, 'OrderCreated', 1],
    [4, 'PaymentCaptured', 2],
  ]);
});

test('an authorization that comes after its undo is not recorded', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  await openPayment(db, { orderId, amountMinor: 2_000, currency: 'EUR' });
  await recordVoided(db, orderId);
  expect(await recordAuthorized(db, orderId, 'pi_late')).toBe(false);
  expect(await findOrder(db, orderId)).toMatchObject({ paymentStatus: 'none' });
});

test('the sweep finds pending orders without a saga, old ones only', async () => {
  const { db } = database;
  const { orderId } = await savePendingOrder(db, [{ sku: 'TEA', quantity: 1 }]);
  const find = async (olderThanMs: number) =>
    (await findOrdersWithoutSaga(db, { olderThanMs, limit: 100 })).map((order) => order.orderId);
  expect(await find(0)).toContain(orderId);
  expect(await find(60_000)).not.toContain(orderId);
  await markSagaStarted(db, orderId);
  expect(await find(0)).not.toContain(orderId);
});

test('the same note for a person is kept once', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  for (let i = 0; i < 2; i++) await noteAttention(db, orderId, 'capture payment');
  expect(await findOrder(db, orderId)).toMatchObject({ needsAttention: ['capture payment'] });
});

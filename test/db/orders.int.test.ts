import { sql } from 'kysely';
import { releaseStock } from '../../db/inventory';
import { readJournal } from '../../db/journal';
import { requestCancellation } from '../../db/cancellations';
import { abandonPlacement, closeOrder, confirmOrder } from '../../db/order-endings';
import { findOrder } from '../../db/orders';
import {
  findPayment,
  openPayment,
  recordAuthorized,
  recordCaptured,
  recordVoided,
} from '../../db/payments';
import { returnOrderToStart, takeOrdersToStart } from '../../db/saga-starts';
import { stockProduct } from '../../dev/catalogue';
import { waitFor } from '../../dev/wait';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder, saveReservedOrder, stockOf } from '../jest/new-order';

const seal = () => Promise.resolve('sealed');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 1_000);
});
afterAll(() => database.close());

const reservedOrder = () => saveReservedOrder(database.db, [{ sku: 'TEA', quantity: 2 }]);

test('confirming commits the hold and records OrderCreated, once, with its repeat', async () => {
  const { db } = database;
  const before = await stockOf(db, 'TEA');
  const { orderId } = await reservedOrder();
  const confirmations = await Promise.all([1, 2, 3].map(() => confirmOrder(db, orderId, seal)));
  const eventId = `${orderId}/OrderCreated/1`;
  expect(confirmations).toEqual(Array(3).fill({ outcome: 'confirmed', eventId }));

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
    expect(confirmed?.outcome === 'confirmed').toBe(closed === undefined);
    const endings = (await readJournal(db, orderId)).filter(({ eventId }) => eventId !== null);
    expect(endings).toHaveLength(1);
  }
});

test('events of an order are numbered 1, 2, 3 whatever else is in its journal', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const payment = await openPayment(db, { orderId, amountMinor: 2_000, currency: 'EUR' });
  await recordAuthorized(db, payment!, `pi_${orderId}`);
  await confirmOrder(db, orderId, seal);
  for (let i = 0; i < 2; i++) await recordCaptured(db, (await findPayment(db, orderId))!);

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
  const payment = await openPayment(db, { orderId, amountMinor: 2_000, currency: 'EUR' });
  await recordVoided(db, orderId);
  expect(await recordAuthorized(db, payment!, 'pi_late')).toBe(false);
  expect(await findOrder(db, orderId)).toMatchObject({ paymentStatus: 'none' });
});

test('a pending order is taken by one saga worker, and by the next when it is given back', async () => {
  const { db } = database;
  const { orderId } = await savePendingOrder(db, [{ sku: 'TEA', quantity: 1 }]);
  const take = async () => (await takeOrdersToStart(db, 1_000)).map((order) => order.orderId);
  const taken = (await Promise.all([take(), take(), take()])).flat();
  expect(taken.filter((id) => id === orderId)).toHaveLength(1);
  expect(await take()).not.toContain(orderId);
  await returnOrderToStart(db, orderId);
  expect(await take()).not.toContain(orderId);
  await waitFor('it to be due again', 10_000, async () =>
    (await take()).includes(orderId) ? true : undefined,
  );
});

test('an order whose saga worker died with it is taken again after a while', async () => {
  const { db } = database;
  const { orderId } = await savePendingOrder(db, [{ sku: 'TEA', quantity: 1 }]);
  const take = async () => (await takeOrdersToStart(db, 1_000)).map((order) => order.orderId);
  expect(await take()).toContain(orderId);
  const longAgo = sql<Date>`now() - interval '2 minutes'`;
  const rows = db.updateTable('orders.orders').set({ saga_started_at: longAgo });
  await rows.where('order_id', '=', orderId).execute();
  expect(await take()).toContain(orderId);
});

test('an abandoned placement can never be confirmed, and a confirmed one never abandoned', async () => {
  const { db } = database;
  for (let i = 0; i < 10; i++) {
    const { orderId } = await reservedOrder();
    const [confirmation, abandoned] = await Promise.all([
      confirmOrder(db, orderId, seal),
      abandonPlacement(db, { orderId, status: 'failed', code: 'system_failure' }),
    ]);
    const isConfirmed = (await findOrder(db, orderId))?.status === 'confirmed';
    expect(confirmation?.outcome === 'confirmed').toBe(isConfirmed);
    expect('confirmedEventId' in abandoned).toBe(isConfirmed);
    const again = await confirmOrder(db, orderId, seal).catch(() => undefined);
    expect(again?.outcome === 'confirmed').toBe(isConfirmed);
  }
});

test('a placement that was abandoned before is abandoned as it was then', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const first = { status: 'rejected', code: 'payment_declined' } as const;
  expect(await abandonPlacement(db, { orderId, ...first })).toEqual({ ending: first });
  const second = { orderId, status: 'failed', code: 'hold_released' } as const;
  expect(await abandonPlacement(db, second)).toEqual({ ending: first });
});

test('closing a placement a second time returns the ending that stands', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const first = await closeOrder(db, { orderId, status: 'rejected', code: 'out_of_stock' }, seal);
  const second = await closeOrder(db, { orderId, status: 'failed', code: 'hold_released' }, seal);
  expect(second).toEqual(first);
  expect(second).toMatchObject({ status: 'rejected', code: 'out_of_stock' });
});

test('confirming and asking to call it off at once: one of them wins, the database says which', async () => {
  const { db } = database;
  for (let i = 0; i < 10; i++) {
    const { orderId } = await reservedOrder();
    const [confirmation, request] = await Promise.all([
      confirmOrder(db, orderId, seal),
      requestCancellation(db, orderId, { tenant: 'test' }),
    ]);
    expect(request).toEqual({ outcome: 'requested' });
    const requests = (await readJournal(db, orderId)).filter(
      ({ name }) => name === 'CancellationRequested',
    );
    expect(requests).toHaveLength(1);
    const { orderStatus } = requests[0]!.detail as { orderStatus: string };
    expect(orderStatus).toBe(confirmation?.outcome === 'confirmed' ? 'confirmed' : 'pending');
  }
});

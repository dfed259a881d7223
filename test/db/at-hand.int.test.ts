import { requestCancellation } from '../../db/cancellations';
import { findEvent, nextEvent, readJournal, recordChange } from '../../db/journal';
import { confirmOrder } from '../../db/order-endings';
import { findOrder } from '../../db/orders';
import { findAuthorized, openPayment, recordAuthorized, recordCaptured } from '../../db/payments';
import { takeOrdersToStart } from '../../db/saga-starts';
import { stockProduct } from '../../dev/catalogue';
import { OrderCreated } from '../../events/order-events';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { saveReservedOrder } from '../jest/new-order';

const DATA = {
  ...{ orderId: 'ord_1', customerId: 'cus_1', currency: 'EUR', totalMinor: 2_000 },
  ...{ lines: [{ sku: 'TEA', quantity: 2, unitPriceMinor: 1_000 }], sealed: 'sealed' },
};
const seal = () => Promise.resolve('sealed');
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 1_000);
});
afterAll(() => database.close());

const reservedOrder = () => saveReservedOrder(database.db, [{ sku: 'TEA', quantity: 2 }]);

test('an order that was taken to start is confirmed as its row says, whoever changed it meanwhile', async () => {
  const { db } = database;
  const orders = [await reservedOrder(), await reservedOrder(), await reservedOrder()];
  await takeOrdersToStart(db, 1_000);
  const [untouched, journaled, called] = orders.map(({ orderId }) => orderId);
  await db.transaction().execute((tx) => recordChange(tx, journaled!, 'SomethingElse'));
  await requestCancellation(db, called!, { tenant: 'test' });

  expect(await confirmOrder(db, untouched!, seal)).toMatchObject({ outcome: 'confirmed' });
  expect(await confirmOrder(db, journaled!, seal)).toMatchObject({ outcome: 'confirmed' });
  expect(await confirmOrder(db, called!, seal)).toEqual({ outcome: 'cancel_requested' });
  const names = (await readJournal(db, journaled!)).map(({ name }) => name);
  expect(names).toEqual(['OrderPlaced', 'SomethingElse', 'OrderCreated']);
});

test('a payment that was authorized here is captured after whatever happened to the order since', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const payment = await openPayment(db, { orderId, amountMinor: 2_000, currency: 'EUR' });
  await recordAuthorized(db, payment!, `pi_${orderId}`);
  await confirmOrder(db, orderId, seal);
  await db.transaction().execute((tx) => recordChange(tx, orderId, 'SomethingElse'));
  const atHand = (await findAuthorized(db, orderId))!;
  expect(atHand).toMatchObject({ state: 'authorized', intentId: `pi_${orderId}` });
  const event = await recordCaptured(db, atHand);
  expect(event).toMatchObject((await findEvent(db, event.id))!);
  expect((await readJournal(db, orderId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
});

test('an event is dated by when it happened, not by when the order was last read', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const position = (await findOrder(db, orderId))!.position;
  const late = { ...position, readAt: position.readAt - 60_000 };
  const event = nextEvent(late, { contract: OrderCreated, orderId, data: DATA });
  const { time } = JSON.parse(event.body) as { time: string };
  expect(Date.parse(time) - position.now.getTime()).toBeGreaterThanOrEqual(60_000);
});

import { sql } from 'kysely';
import { consumer as fraud } from '../../consumers/fraud';
import { consumer as fulfilment } from '../../consumers/fulfilment';
import { ship, type FulfilmentSchema } from '../../consumers/fulfilment/shipments';
import { consumer as loyalty } from '../../consumers/loyalty';
import { consumer as webhooks } from '../../consumers/webhooks';
import { findPoints } from '../../db/loyalty';
import { confirmOrder } from '../../db/order-endings';
import { registerEndpoint } from '../../db/webhook-endpoints';
import { stockProduct } from '../../dev/catalogue';
import { OrderCreated } from '../../events/order-events';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { saveReservedOrder } from '../jest/new-order';
import { ConsumerHarness, orderFacts } from './consumer-harness';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database.close());

const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_000 }];
const created = (orderId: string) => ({ ...orderFacts(orderId, 1_000), lines });
const open = <Schema>(consumer: unknown, settings = {}) =>
  ConsumerHarness.open<Schema>(consumer, settings, database);

test("an order's events say whose it is", async () => {
  await stockProduct(database.db, 'TEA', 10);
  const { orderId } = await saveReservedOrder(database.db, [{ sku: 'TEA', quantity: 1 }]);
  await confirmOrder(database.db, orderId, () => Promise.resolve('sealed'));
  const { rows } = await sql<{ tenant: string }>`
    select event_body::jsonb->>'tenant' as tenant from orders.journal
    where order_id = ${orderId} and event_id is not null`.execute(database.db);
  expect(rows).toEqual([{ tenant: 'test' }]);
});

test('customers of two tenants have their own points, though their ids are the same', async () => {
  const consumer = await open(loyalty);
  await consumer.tell(OrderCreated, created('o1'), { tenant: 'shop' });
  await consumer.tell(OrderCreated, created('o2'), { tenant: 'other' });
  await consumer.tell(OrderCreated, created('o3'), { tenant: 'other' });
  // From before there were tenants.
  await consumer.tell(OrderCreated, created('o4'));
  const points = (tenant: string) => findPoints(database.db, { tenant, customerId: 'cus_1' });
  expect([await points('shop'), await points('other'), await points('none')]).toEqual([20, 20, 0]);
});

test("a tenant's endpoints are told of its own orders alone", async () => {
  const consumer = await open(webhooks, {
    EVENT_SEALING_KEYS: `k:${Buffer.alloc(32).toString('base64url')}`,
  });
  const register = async (tenant: string) => {
    const sealed = { contactSealed: 'x', secretSealed: 'x' };
    const endpoint = { url: 'https://x.example/', eventTypes: null, description: '', ...sealed };
    return (await registerEndpoint(database.db, tenant, endpoint, 10))!.id;
  };
  const [shop, other] = [await register('shop'), await register('other')];
  await consumer.tell(OrderCreated, created('o1'), { tenant: 'shop' });
  await consumer.tell(OrderCreated, created('o2'), { tenant: 'other' });
  await consumer.tell(OrderCreated, created('o3'));
  const { rows } = await sql<{ endpoint: string; event: string }>`
    select endpoint_id as endpoint, event_id as event from webhooks.deliveries
    order by delivery_id`.execute(database.db);
  expect(rows).toEqual([
    { endpoint: shop, event: 'o1/OrderCreated/1' },
    { endpoint: other, event: 'o2/OrderCreated/1' },
    { endpoint: shop, event: 'o3/OrderCreated/1' },
  ]);
});

test('what follows from an order is its tenant’s too: its parcel', async () => {
  const consumer = await open<FulfilmentSchema>(fulfilment);
  await consumer.tell(OrderCreated, created('o1'), { tenant: 'other' });
  await ship(consumer.db, 'o1', { carrier: 'DHL', trackingNumber: '1', by: 'test' });
  const { rows } = await sql<{ tenant: string }>`
    select body::jsonb->>'tenant' as tenant from fulfilment.outbox`.execute(
    database.connect<unknown>({}),
  );
  expect(rows).toEqual([{ tenant: 'other' }]);
});

test("a burst is one customer's, not that of his namesake", async () => {
  const consumer = await open(fraud, { FRAUD_SUSPECT_SCORE: '1' });
  for (let i = 0; i < 12; i += 1) {
    await consumer.tell(OrderCreated, created(`o${i}`), { tenant: `tenant-${i}` });
  }
  expect(consumer.published).toEqual([]);
  for (let i = 0; i < 12; i += 1) {
    await consumer.tell(OrderCreated, created(`p${i}`), { tenant: 'one' });
  }
  expect(consumer.published.length).toBeGreaterThan(0);
});

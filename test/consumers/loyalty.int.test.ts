import { consumer } from '../../consumers/loyalty';
import { OrderCancelled, OrderCreated } from '../../events/order-events';
import { ConsumerHarness, orderFacts } from './consumer-harness';

interface Balances {
  balances: { customer_id: string; points: number; entries: number };
}

let loyalty: ConsumerHarness<Balances>;
beforeEach(async () => {
  loyalty = await ConsumerHarness.open(consumer);
});
afterEach(() => loyalty.close());

const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_000 }];
const balances = () =>
  loyalty.db
    .selectFrom('balances')
    .select(['customer_id', 'points', 'entries'])
    .orderBy('customer_id')
    .execute();

test('a customer has a point for each full euro of orders that stand', async () => {
  await loyalty.tell(OrderCreated, { ...orderFacts('o1', 1_099), lines });
  await loyalty.tell(OrderCreated, { ...orderFacts('o2', 500), lines });
  await loyalty.tell(OrderCreated, { ...orderFacts('o3', 300, 'cus_2'), lines });
  await loyalty.tell(OrderCancelled, { ...orderFacts('o2', 500), code: 'cancelled' });
  expect(await balances()).toEqual([
    { customer_id: 'cus_1', points: 10, entries: 3 },
    { customer_id: 'cus_2', points: 3, entries: 1 },
  ]);
});

test('an order that was cancelled before it was confirmed takes no points', async () => {
  await loyalty.tell(OrderCancelled, { ...orderFacts('o1'), code: 'cancelled' });
  expect(await balances()).toMatchObject([{ points: 0 }]);
});

test('an order that was called off gets no points when its confirmation comes late', async () => {
  await loyalty.tell(OrderCancelled, { ...orderFacts('o1', 1_000), code: 'cancelled' });
  await loyalty.tell(OrderCreated, { ...orderFacts('o1', 1_000), lines });
  expect(await balances()).toMatchObject([{ points: 0 }]);
});

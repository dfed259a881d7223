import { sql } from 'kysely';
import { consumer } from '../../consumers/analytics';
import { OrderCancelled, OrderCreated, OrderRejected } from '../../events/order-events';
import { ConsumerHarness, orderFacts } from './consumer-harness';

let analytics: ConsumerHarness<unknown>;
beforeEach(async () => {
  analytics = await ConsumerHarness.open(consumer);
});
afterEach(() => analytics.close());

const tea = { sku: 'TEA', quantity: 2, unitPriceMinor: 500 };
const cup = { sku: 'CUP', quantity: 1, unitPriceMinor: 2_000 };

async function view(name: string) {
  const { rows } = await sql.raw(`select * from ${name} order by 1, 2, 3`).execute(analytics.db);
  return rows;
}

test('counts orders, revenue and the average basket in the minute of their confirmation', async () => {
  await analytics.tell(OrderCreated, { ...orderFacts('o1', 1_000), lines: [tea] });
  const late = { time: '2026-01-01T10:00:59.999Z' };
  await analytics.tell(OrderCreated, { ...orderFacts('o2', 3_000), lines: [tea, cup] }, late);
  const next = { time: '2026-01-01T12:01:00+02:00' };
  await analytics.tell(OrderCreated, { ...orderFacts('o3', 2_000), lines: [cup] }, next);
  expect(await view('orders_by_minute')).toMatchObject([
    {
      minute: new Date('2026-01-01T10:00Z'),
      orders: 2,
      revenue_minor: 4_000,
      average_basket_minor: 2_000,
    },
    { minute: new Date('2026-01-01T10:01Z'), orders: 1, revenue_minor: 2_000 },
  ]);
  expect(await view('top_products')).toMatchObject([
    { sku: 'CUP', orders: 2, quantity: 2, revenue_minor: 4_000 },
    { sku: 'TEA', orders: 2, quantity: 4, revenue_minor: 2_000 },
  ]);
});

test('counts rejections by their reason', async () => {
  for (const [id, code] of Object.entries({ o1: 'out_of_stock', o2: 'out_of_stock', o3: 'x' })) {
    await analytics.tell(OrderRejected, { ...orderFacts(id), code });
  }
  expect(await view('endings_by_minute')).toMatchObject([
    { outcome: 'rejected', code: 'out_of_stock', orders: 2 },
    { outcome: 'rejected', code: 'x', orders: 1 },
  ]);
  expect(await view('totals')).toMatchObject([{ confirmed: 0, rejected: 3, revenue_minor: 0 }]);
});

test('takes a cancelled order out of the revenue, and leaves it in the minute of its confirmation', async () => {
  await analytics.tell(OrderCreated, { ...orderFacts('o1'), lines: [tea] });
  await analytics.tell(OrderCancelled, { ...orderFacts('o1'), code: 'customer' });
  expect(await view('totals')).toMatchObject([{ confirmed: 1, cancelled: 1, revenue_minor: 0 }]);
  expect(await view('orders_by_minute')).toMatchObject([{ orders: 1, cancelled_later: 1 }]);
  expect(await view('top_products')).toEqual([]);
});

test('counts a product that is on two lines of an order as one of its orders', async () => {
  await analytics.tell(OrderCreated, {
    ...orderFacts('o1'),
    lines: [tea, { ...tea, quantity: 3 }],
  });
  expect(await view('top_products')).toMatchObject([{ sku: 'TEA', orders: 1, quantity: 5 }]);
});

test('counts an order as confirmed and cancelled, whichever it hears of first', async () => {
  await analytics.tell(OrderCancelled, { ...orderFacts('o1'), code: 'customer' });
  await analytics.tell(OrderCreated, { ...orderFacts('o1'), lines: [tea] });
  expect(await view('totals')).toMatchObject([{ confirmed: 1, cancelled: 1, revenue_minor: 0 }]);
  expect(await view('orders_by_minute')).toMatchObject([{ orders: 1, cancelled_later: 1 }]);
  expect(await view('top_products')).toEqual([]);
});

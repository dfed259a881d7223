import { consumer } from '../../consumers/recommendations';
import { listRecommendations } from '../../db/recommendations';
import { OrderCancelled, OrderCreated } from '../../events/order-events';
import { ConsumerHarness, orderFacts } from './consumer-harness';

let recommendations: ConsumerHarness<unknown>;
beforeEach(async () => {
  recommendations = await ConsumerHarness.open(consumer);
});
afterEach(() => recommendations.close());

async function buy(orderId: string, ...skus: string[]): Promise<void> {
  const lines = skus.map((sku) => ({ sku, quantity: 1, unitPriceMinor: 100 }));
  await recommendations.tell(OrderCreated, { ...orderFacts(orderId), lines });
}

async function boughtWith(sku: string, limit = 10) {
  await recommendations.work();
  return listRecommendations(recommendations.database.db, sku, limit);
}

async function cancel(orderId: string): Promise<void> {
  await recommendations.tell(OrderCancelled, { ...orderFacts(orderId), code: 'customer' });
}

test('what was bought together most often comes first', async () => {
  await buy('o1', 'TEA', 'CUP');
  await buy('o2', 'CUP', 'TEA', 'POT');
  await buy('o3', 'POT');
  expect(await boughtWith('TEA')).toEqual([
    { sku: 'CUP', orders: 2 },
    { sku: 'POT', orders: 1 },
  ]);
  expect(await boughtWith('TEA', 1)).toEqual([{ sku: 'CUP', orders: 2 }]);
  expect(await boughtWith('NONE')).toEqual([]);
});

test('an order that was cancelled recommends nothing', async () => {
  await buy('o1', 'TEA', 'CUP');
  await cancel('o1');
  expect(await boughtWith('TEA')).toEqual([]);
});

test('an order that was cancelled when it was counted already is taken back, once', async () => {
  await buy('o1', 'TEA', 'CUP');
  await buy('o2', 'TEA', 'CUP');
  expect(await boughtWith('TEA')).toEqual([{ sku: 'CUP', orders: 2 }]);
  await cancel('o1');
  expect(await boughtWith('TEA')).toEqual([{ sku: 'CUP', orders: 1 }]);
  expect(await boughtWith('TEA')).toEqual([{ sku: 'CUP', orders: 1 }]);
});

test('an order cancelled before it was confirmed changes nothing', async () => {
  await buy('o1', 'TEA', 'CUP');
  await cancel('o2');
  expect(await boughtWith('TEA')).toEqual([{ sku: 'CUP', orders: 1 }]);
});

test('many orders of the same products are all counted once, by whoever counts', async () => {
  const skus = ['A', 'B', 'C', 'D'];
  const orders = Array.from({ length: 30 }, (_, i) =>
    buy(`o${i}`, ...(i % 2 ? skus : [...skus].reverse())),
  );
  await Promise.all([...orders, ...[1, 2, 3].map(() => recommendations.work())]);
  expect(await boughtWith('A')).toEqual(['B', 'C', 'D'].map((sku) => ({ sku, orders: 30 })));
});

test('an order that was called off counts for nothing when its confirmation comes late', async () => {
  await cancel('o1');
  await buy('o1', 'TEA', 'CUP');
  await buy('o2', 'TEA', 'CUP');
  expect(await boughtWith('TEA')).toEqual([{ sku: 'CUP', orders: 1 }]);
});

test('the largest baskets are counted, however many wait', async () => {
  const skus = Array.from({ length: 50 }, (_, n) => `SKU-${n}`);
  for (let n = 0; n < 40; n += 1) await buy(`o${n}`, ...skus);
  expect(await boughtWith('SKU-0', 1)).toMatchObject([{ orders: 40 }]);
});

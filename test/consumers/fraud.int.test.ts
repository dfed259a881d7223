import { consumer } from '../../consumers/fraud';
import type { FraudSchema } from '../../consumers/fraud/assessments';
import { OrderCreated, OrderRejected, PaymentCaptured } from '../../events/order-events';
import { readJournal } from '../../db/journal';
import { savePendingOrder } from '../jest/new-order';
import { ConsumerHarness, orderFacts } from './consumer-harness';

const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_000 }];

let fraud: ConsumerHarness<FraudSchema>;
beforeEach(async () => {
  fraud = await ConsumerHarness.open(consumer, { FRAUD_BLOCK_SCORE: 90 });
});
afterEach(() => fraud.close());

const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 10, minute)).toISOString();

async function place(orderId: string, minute: number, more: { total?: number; who?: string } = {}) {
  const { total = 1_000, who = 'cus_1' } = more;
  const data = { ...orderFacts(orderId, total, who), lines };
  return fraud.tell(OrderCreated, data, { time: at(minute) });
}

async function pay(orderId: string, cardFingerprint: string, who = 'cus_1') {
  return fraud.tell(PaymentCaptured, { ...orderFacts(orderId, 1_000, who), cardFingerprint });
}

const suspected = () => fraud.published.map(({ data }) => data);

test('suspects the order with which a burst begins, and none that came slowly', async () => {
  for (const n of [0, 1, 2, 3]) await place(`slow-${n}`, 5 * n);
  expect(suspected()).toEqual([]);
  for (const n of [20, 21, 22]) await place(`fast-${n}`, n);
  expect(suspected()).toEqual([]);
  await place('fast-23', 23);
  expect(suspected()).toMatchObject([
    { orderId: 'fast-23', score: 40, reasons: ['many_orders'], isBlocked: false },
  ]);
});

test('counts a burst whose orders are handled at the same time', async () => {
  await Promise.all([0, 1, 2, 3, 4].map((n) => place(`o${n}`, 1)));
  expect(suspected()).toHaveLength(1);
});

test('counts a burst whose orders are handled in another order than they were placed in', async () => {
  const second = (n: number) => new Date(Date.UTC(2026, 0, 1, 10, 0, n)).toISOString();
  for (const n of [5, 4, 3, 2, 1]) {
    await fraud.tell(OrderCreated, { ...orderFacts(`o${n}`), lines }, { time: second(n) });
  }
  expect(suspected()).toMatchObject([{ reasons: ['many_orders'] }]);
});

test('suspects what is far above what the customer usually spends', async () => {
  for (const n of [0, 1, 2]) await place(`o${n}`, 20 * n, { total: 3_000 });
  await place('usual', 80, { total: 14_000 });
  expect(suspected()).toEqual([]);
  expect(await place('unusual', 120, { total: 60_000 })).toMatchObject({ score: 30 });
});

test('suspects who orders after several declined cards', async () => {
  for (const n of [0, 1, 2]) {
    const data = { ...orderFacts(`o${n}`), code: 'payment_declined' };
    await fraud.tell(OrderRejected, data, { time: at(n) });
  }
  await fraud.tell(OrderRejected, { ...orderFacts('x'), code: 'out_of_stock' }, { time: at(3) });
  await place('o9', 4);
  expect(suspected()).toMatchObject([{ orderId: 'o9', reasons: ['many_declines'] }]);
});

test('suspects a card that many customers pay with, also over hours', async () => {
  for (const n of [1, 2, 3, 4]) {
    await place(`o${n}`, 60 * n, { who: `cus_${n}` });
    await pay(`o${n}`, 'card-1', `cus_${n}`);
  }
  expect(suspected()).toMatchObject([{ orderId: 'o4', score: 50, customerId: 'cus_4' }]);
});

test('says it again when the suspicion grows, and calls the order off where the shop wants that', async () => {
  const { orderId } = await savePendingOrder(fraud.database.db, [{ sku: 'TEA', quantity: 1 }]);
  for (const n of [2, 3, 4]) {
    await place(`o${n}`, n, { who: `cus_${n}` });
    await pay(`o${n}`, 'card-1', `cus_${n}`);
  }
  for (const n of [5, 6, 7, 8]) await place(`o${n}`, 8);
  await place(orderId, 9);
  expect(suspected()).toMatchObject([{ orderId, score: 40, isBlocked: false }]);
  expect(await pay(orderId, 'card-1')).toMatchObject({ cancellation: 'requested' });
  expect(suspected()).toMatchObject([{ score: 40 }, { orderId, score: 90, isBlocked: true }]);
  const journal = await readJournal(fraud.database.db, orderId);
  expect(journal.at(-1)).toMatchObject({
    name: 'CancellationRequested',
    detail: { why: 'fraud: many_orders, card_many_customers' },
  });
  const row = await fraud.database.db
    .selectFrom('orders.orders')
    .select('cancel_requested_at')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  expect(row.cancel_requested_at).not.toBeNull();
});

test('learns from old orders, and neither says nor does anything about them', async () => {
  const data = (n: number) => ({ ...orderFacts(`o${n}`), lines });
  for (const n of [1, 2, 3, 4, 5]) {
    await fraud.tell(OrderCreated, data(n), { time: at(n), isReplay: true });
  }
  expect(suspected()).toEqual([]);
  await place('o6', 6);
  expect(suspected()).toMatchObject([{ orderId: 'o6' }]);
});

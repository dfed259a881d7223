import { figuresOf, type Evidence } from '../../contrast/measure/figures';
import type { KnownOrder } from '../../contrast/design';
import { planOrders } from '../../contrast/load/orders';

const BEGIN = Date.parse('2026-11-26T12:00:00Z');
const at = (seconds: number) => BEGIN + seconds * 1000;

/** Two orders that were due at once, both confirmed after a second, paid, and told of. */
function good(): Evidence {
  const planned = planOrders('test', { ratePerSecond: 2, seconds: 1 }, 1);
  const answers = planned.map((one) => ({
    ...{ planned: one, dueAt: BEGIN, answerMs: 10, tries: 1 },
    orderId: `ord_${one.key}`,
  }));
  const orders = planned.map(({ key, order }): KnownOrder => {
    const [{ sku, quantity }] = order.lines as [{ sku: string; quantity: number }];
    return {
      ...{
        customerId: order.customer.id,
        orderId: `ord_${key}`,
        status: 'confirmed',
        sku,
        quantity,
      },
      ...{ totalMinor: 100, endedAt: new Date(at(1)) },
    };
  });
  const units = orders.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    ...{ answers, orders, availableBefore: 50, availableAfter: 50 - units, healedAt: at(0) },
    mails: planned.map(({ order }) => ({ to: order.customer.email, at: at(2) })),
    intents: orders.map(({ orderId }) => ({
      ...{
        id: orderId,
        status: 'succeeded',
        amount: 100,
        amount_received: 100,
        amount_refunded: 0,
      },
      metadata: { orderId },
    })),
  };
}

test('where all went well nothing is counted against it', () => {
  expect(figuresOf(good())).toMatchObject({
    ...{ orders: 2, accepted: 2, turnedAway: 0, lost: 0, stuck: 0, chargedWrongly: 0 },
    ...{ stockLeaked: 0, mailsMissing: 0, mailsDoubled: 0, queuedPeak: 2, recoveryMs: 0 },
    outcomeMs: { p50: 1000, p99: 1000 },
  });
});

const [first] = good().orders;
test.each<[string, Partial<Evidence>, object]>([
  ['an order that nobody knows is lost', { orders: good().orders.slice(1) }, { lost: 1 }],
  [
    'an order without an outcome is stuck, and nothing has recovered',
    { orders: [{ ...first!, status: 'open', endedAt: null }, good().orders[1]!] },
    { stuck: 1, recoveryMs: null },
  ],
  [
    'money that is set aside for an order that failed is wrong',
    { orders: [{ ...first!, status: 'failed' }, good().orders[1]!] },
    { chargedWrongly: 1, failed: 1 },
  ],
  [
    'a confirmed order without its money is wrong',
    { intents: good().intents.slice(1) },
    { chargedWrongly: 1 },
  ],
  ['a unit that is nowhere has leaked', { availableBefore: 51 }, { stockLeaked: 1 }],
  [
    'a mail that did not come is missing',
    { mails: good().mails.slice(1) },
    { mailsMissing: 1, recoveryMs: null },
  ],
  [
    'a mail that came twice is doubled',
    { mails: [...good().mails, good().mails[0]!] },
    { mailsDoubled: 1 },
  ],
  [
    'an order that was told of late has recovered then',
    { mails: good().mails.map((mail) => ({ ...mail, at: at(9) })), healedAt: at(5) },
    { recoveryMs: 4000 },
  ],
])('%s', (_, wrong, counted) => {
  expect(figuresOf({ ...good(), ...wrong })).toMatchObject(counted);
});

test('who saw an error and has an order all the same is counted', () => {
  const [one, other] = good().answers;
  const answers = [{ ...one!, orderId: undefined, tries: 4 }, other!];
  expect(figuresOf({ ...good(), answers })).toMatchObject({
    ...{ accepted: 1, turnedAway: 1, confirmedUntold: 1, repeatedRequests: 3 },
  });
});

test('a seed gives the same orders, another seed others', () => {
  const load = { ratePerSecond: 50, seconds: 2 };
  expect(planOrders('a', load, 7)).toEqual(planOrders('a', load, 7));
  expect(planOrders('a', load, 7)).not.toEqual(planOrders('a', load, 8));
});

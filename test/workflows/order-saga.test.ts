import { orderSaga } from '../../workflows/order-saga';
import type * as harness from './saga-harness';
import { cancelled, refused, stage, timedOut, type Script } from './saga-harness';

jest.mock('@temporalio/workflow', () =>
  jest.requireActual<typeof harness>('./saga-harness').fakeWorkflowApi(),
);
jest.mock('../../workflows/steps', () =>
  jest.requireActual<typeof harness>('./saga-harness').fakeSteps(),
);

const order = {
  orderId: 'ord_1',
  lines: [{ sku: 'TEA', quantity: 1 }],
  amountMinor: 890,
  currency: 'EUR',
  placementDeadlineMs: 1000,
};

async function place(script: Script = {}) {
  Object.assign(stage, { calls: [], script });
  const outcome = await orderSaga(order);
  return { outcome, calls: stage.calls };
}

test('reserves, authorizes, confirms, publishes, captures, publishes', async () => {
  const { outcome, calls } = await place();
  expect(outcome).toEqual({ status: 'confirmed' });
  expect(calls).toEqual([
    'reserveStock',
    'authorizePayment',
    'confirmOrder',
    'publish OrderCreated',
    'capturePayment',
    'publish PaymentCaptured',
  ]);
});

test('releases the stock and rejects the order when it is out of stock', async () => {
  const { outcome, calls } = await place({ reserveStock: refused('out_of_stock') });
  expect(outcome).toEqual({ status: 'rejected', code: 'out_of_stock' });
  expect(calls).toEqual([
    'reserveStock',
    'releaseStock',
    'closeOrder rejected out_of_stock',
    "publish the order's ending: rejected",
  ]);
});

test.each([
  ['the card is declined', refused('payment_declined'), 'rejected', 'payment_declined'],
  ['nobody knows whether it was authorized', timedOut(), 'failed', 'system_failure'],
  ['it is cancelled meanwhile', cancelled(), 'cancelled', 'cancelled'],
  ['the deadline comes first', refused('placement_deadline'), 'failed', 'placement_deadline'],
])('voids, then releases, when %s', async (_, failure, status, code) => {
  const { outcome, calls } = await place({ authorizePayment: failure });
  expect(outcome).toEqual({ status, code });
  expect(calls.slice(2)).toEqual([
    'voidAuthorization',
    'releaseStock',
    `closeOrder ${status} ${code}`,
    `publish the order's ending: ${status}`,
  ]);
});

test('undoes everything when the hold was lost before the pivot', async () => {
  const { outcome, calls } = await place({ confirmOrder: refused('hold_released') });
  expect(outcome).toEqual({ status: 'failed', code: 'hold_released' });
  expect(calls.slice(3, 5)).toEqual(['voidAuthorization', 'releaseStock']);
});

test('an undo that cannot succeed is left to a person and does not stop the others', async () => {
  const { outcome, calls } = await place({
    authorizePayment: refused('payment_declined'),
    voidAuthorization: refused('order_ended'),
  });
  expect(outcome).toMatchObject({ status: 'rejected', needsAttention: ['void authorization'] });
  expect(calls).toContain('noteAttention void authorization');
  expect(calls).toContain('releaseStock');
});

test('after the pivot nothing is undone: what cannot succeed is left to a person', async () => {
  const { outcome, calls } = await place({ capturePayment: refused('payment_mismatch') });
  expect(outcome).toEqual({ status: 'confirmed', needsAttention: ['capture payment'] });
  expect(calls).not.toContain('releaseStock');
  expect(calls).not.toContain('voidAuthorization');
});

test.each(['reserveStock', 'authorizePayment', 'voidAuthorization'])(
  'a bug at %s is thrown on, for a fixed worker to go on from there',
  async (step) => {
    const script: Script = { authorizePayment: refused('payment_declined') };
    const bug = new TypeError('undefined is not a function');
    await expect(place({ ...script, [step]: bug })).rejects.toBe(bug);
    expect(stage.calls.some((call) => call.startsWith('closeOrder'))).toBe(false);
  },
);

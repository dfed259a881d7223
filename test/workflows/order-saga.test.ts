import { ORDER_STEPS } from '../../workflows/steps';
import { orderSaga } from '../../workflows/order-saga';
import { Attention } from '../../workflows/attention';
import type * as harness from './saga-harness';
import { cancelled, refused, stage, timedOut, type Script } from './saga-harness';

jest.mock('@temporalio/workflow', () =>
  jest.requireActual<typeof harness>('./saga-harness').fakeWorkflowApi(),
);
jest.mock('../../workflows/perform', () =>
  jest.requireActual<typeof harness>('./saga-harness').fakePerform(),
);

const order = {
  orderId: 'ord_1',
  lines: [{ sku: 'TEA', quantity: 1 }],
  amountMinor: 890,
  currency: 'EUR',
  placementDeadlineMs: 1000,
};

const ALL = ORDER_STEPS.map(({ name }) => name);

async function place(script: Script = {}, more: Partial<typeof stage> = {}) {
  // Nobody decides in these tests: what waits for a person is left waiting.
  jest.spyOn(Attention.prototype, 'settle').mockResolvedValue();
  Object.assign(stage, { calls: [], script, takenAtOnce: 0, unshielded: [], onRecord: [] }, more);
  stage.isConfirmedAfterAll = more.isConfirmedAfterAll ?? false;
  const outcome = await orderSaga(order);
  return { outcome, calls: stage.calls };
}

test('reserves, authorizes, confirms, publishes, captures', async () => {
  const { outcome, calls } = await place();
  expect(outcome).toEqual({ status: 'confirmed' });
  expect(calls).toEqual([
    ...['reserve stock', 'authorize payment', 'confirm order'],
    ...['publish OrderCreated', 'capture payment'],
  ]);
});

test('what all steps at once have done is not done again, however far they came', async () => {
  for (let taken = 0; taken <= ALL.length; taken += 1) {
    const { outcome, calls } = await place({}, { takenAtOnce: taken });
    expect(outcome).toEqual({ status: 'confirmed' });
    expect(calls).toEqual(ALL.slice(taken));
  }
});

test('steps of which nobody knows how far they came are all taken again', async () => {
  const { calls } = await place({}, { takenAtOnce: undefined });
  expect(calls).toEqual(ALL);
});

test('undoes every step when all at once were cancelled and nobody knows how far they came', async () => {
  const { outcome, calls } = await place({ 'at once': cancelled() });
  expect(outcome).toEqual({ status: 'cancelled', code: 'cancelled' });
  expect(calls.slice(0, 3)).toEqual(['abandon placement', 'void authorization', 'release stock']);
});

test('releases the stock and rejects the order when it is out of stock', async () => {
  const { outcome, calls } = await place({ 'reserve stock': refused('out_of_stock') });
  expect(outcome).toEqual({ status: 'rejected', code: 'out_of_stock' });
  expect(calls).toEqual([
    ...['reserve stock', 'abandon placement', 'void authorization', 'release stock'],
    ...['close order rejected out_of_stock', "publish the order's ending"],
  ]);
});

test.each([
  ['the card is declined', refused('payment_declined'), 'rejected', 'payment_declined'],
  ['nobody knows whether it was authorized', timedOut(), 'failed', 'system_failure'],
  ['it is cancelled meanwhile', cancelled(), 'cancelled', 'cancelled'],
  ['the deadline comes first', refused('placement_deadline'), 'failed', 'placement_deadline'],
])('bars the pivot, voids, then releases, when %s', async (_, failure, status, code) => {
  const { outcome, calls } = await place({ 'authorize payment': failure });
  expect(outcome).toEqual({ status, code });
  expect(calls.slice(2)).toEqual([
    ...['abandon placement', 'void authorization', 'release stock'],
    ...[`close order ${status} ${code}`, "publish the order's ending"],
  ]);
});

test.each([
  ['hold_released', 'failed', 'hold_released'],
  ['cancel_requested', 'cancelled', 'cancelled'],
])('undoes everything when the pivot is refused: %s', async (refusal, status, code) => {
  const { outcome, calls } = await place({ 'confirm order': refused(refusal) });
  expect(outcome).toEqual({ status, code });
  expect(calls.slice(3, 6)).toEqual(['abandon placement', 'void authorization', 'release stock']);
});

test('from the pivot on, and on the way back, no cancellation reaches a step', async () => {
  await place();
  expect(stage.unshielded).toEqual(['reserve stock', 'authorize payment']);
  await place({ 'authorize payment': refused('payment_declined') });
  expect(stage.unshielded).toEqual(['reserve stock', 'authorize payment']);
});

test('an order that was confirmed by an attempt nobody heard of stands, and nothing is undone', async () => {
  const script = { 'confirm order': refused('order_ended') };
  const { outcome, calls } = await place(script, { isConfirmedAfterAll: true });
  expect(outcome).toEqual({ status: 'confirmed' });
  expect(calls.slice(3)).toEqual(['abandon placement', 'publish OrderCreated', 'capture payment']);
});

test('an undo that cannot succeed is left to a person and does not stop the others', async () => {
  const { outcome, calls } = await place({
    'authorize payment': refused('payment_declined'),
    'void authorization': refused('order_ended'),
  });
  expect(outcome).toEqual({ status: 'rejected', code: 'payment_declined' });
  expect(calls.slice(3, 6)).toEqual([
    ...['void authorization', 'note what needs a person void authorization', 'release stock'],
  ]);
});

test('after the pivot nothing is undone: what cannot succeed is left to a person', async () => {
  const { outcome, calls } = await place({ 'publish OrderCreated': refused('event_conflict') });
  expect(outcome).toEqual({ status: 'confirmed' });
  expect(calls.slice(3)).toEqual([
    ...['publish OrderCreated', 'note what needs a person publish OrderCreated', 'capture payment'],
  ]);
});

test('a payment that is not what was asked for is undone, and a person is to look at it', async () => {
  const { outcome, calls } = await place({ 'authorize payment': refused('payment_mismatch') });
  expect(outcome).toEqual({ status: 'failed', code: 'payment_mismatch' });
  expect(calls).toContain('note what needs a person look at the payment');
});

test('a person hears of a refusal only once it is on record; steps do not wait for that', async () => {
  await place({ 'authorize payment': refused('payment_mismatch') });
  expect(stage.onRecord).toEqual(['note what needs a person']);
  await place();
  expect(stage.onRecord).toEqual([]);
});

test.each(['reserve stock', 'authorize payment', 'void authorization'])(
  'a bug at %s is thrown on, for a fixed worker to go on from there',
  async (step) => {
    const script: Script = { 'authorize payment': refused('payment_declined') };
    const bug = new TypeError('undefined is not a function');
    await expect(place({ ...script, [step]: bug })).rejects.toBe(bug);
    expect(stage.calls.some((call) => call.startsWith('close order'))).toBe(false);
  },
);

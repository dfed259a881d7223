import { ActivityFailure, ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { perform, performOnRecord } from '../../workflows/perform';
import { always } from '../../workflows/step';

const stage: { calls: string[]; local: Error | undefined } = { calls: [], local: undefined };

jest.mock('@temporalio/workflow', () => ({
  ...jest.requireActual<object>('@temporalio/workflow'),
  proxyLocalActivities: () => ({
    releaseStock: () => {
      stage.calls.push('here');
      return stage.local ? Promise.reject(stage.local) : Promise.resolve();
    },
  }),
  proxyActivities: () => ({
    releaseStock: () => Promise.resolve(void stage.calls.push('anywhere')),
  }),
}));

async function take(local?: Error) {
  Object.assign(stage, { calls: [], local });
  const onSlow = jest.fn();
  const error = await perform(
    always('release stock', 'releaseStock'),
    { orderId: 'o' },
    onSlow,
  ).then(
    () => undefined,
    (failure: unknown) => failure,
  );
  return { calls: stage.calls, error, isSlow: onSlow.mock.calls.length > 0 };
}

const wrapped = (cause: Error) =>
  new ActivityFailure('failed', 'releaseStock', '1', 'MAXIMUM_ATTEMPTS_REACHED', 'w', cause);

test('a step that works is taken once, in this worker', async () => {
  expect(await take()).toEqual({ calls: ['here'], error: undefined, isSlow: false });
});

test.each([
  ['as the SDK wraps it', wrapped(ApplicationFailure.retryable('away'))],
  ['as its last try failed', ApplicationFailure.retryable('away')],
])('when the quick tries are spent it becomes a regular activity, %s', async (_, failure) => {
  expect(await take(failure)).toMatchObject({ calls: ['here', 'anywhere'], isSlow: true });
});

test.each([
  ['a refusal', ApplicationFailure.nonRetryable('no', 'out_of_stock')],
  ['a wrapped refusal', wrapped(ApplicationFailure.nonRetryable('no', 'out_of_stock'))],
  ['a cancellation', wrapped(new CancelledFailure('cancelled'))],
  ['a bug', new TypeError('undefined is not a function')],
])('%s is not tried again', async (_, failure) => {
  expect(await take(failure)).toEqual({ calls: ['here'], error: failure, isSlow: false });
});

test('what goes on record first is never begun in this worker, where it could come before', async () => {
  stage.calls = [];
  await performOnRecord(always('release stock', 'releaseStock'), { orderId: 'o' });
  expect(stage.calls).toEqual(['anywhere']);
});

import { ApplicationFailure, CancelledFailure } from '@temporalio/activity';
import { MockActivityEnvironment } from '@temporalio/testing';
import { observed, type ObservedAttempt } from '../../activities/observed';
import { createStepsActivity } from '../../activities/take-steps';

let seen: ObservedAttempt[];
beforeEach(() => (seen = []));

const plain = {
  reserveStock: () => Promise.resolve({ held: true }),
  authorizePayment: (): Promise<unknown> => Promise.reject(new Error('the provider answered 500')),
  confirmOrder: (): Promise<unknown> =>
    Promise.reject(ApplicationFailure.nonRetryable('no hold', 'hold_released')),
  capturePayment: (): Promise<unknown> => Promise.reject(new CancelledFailure('stopped')),
  publishEvent: ({ eventId }: { eventId: string }) => Promise.resolve({ eventId }),
};

const steps = () => observed(plain, (attempt) => seen.push(attempt));
const environment = () =>
  new MockActivityEnvironment({
    attempt: 3,
    workflowExecution: { workflowId: 'order-ord_1', runId: 'run' },
  });

test.each([
  ['reserveStock', 'completed', undefined],
  ['authorizePayment', 'failed', 'the provider answered 500'],
  ['confirmOrder', 'refused', 'no hold'],
  ['capturePayment', 'cancelled', 'stopped'],
] as const)('%s is told as %s, and ends as it would without', async (name, outcome, error) => {
  const run = environment().run(() => steps()[name]());
  if (outcome === 'completed') expect(await run).toEqual({ held: true });
  else await expect(run).rejects.toThrow(error);
  expect(seen).toHaveLength(1);
  expect(seen[0]).toMatchObject({ workflowId: 'order-ord_1', activity: name, attempt: 3, outcome });
  expect(seen[0]!.error).toBe(error);
});

test('of steps that are taken together each is told, up to the one that failed', async () => {
  const together = createStepsActivity(steps());
  const names = ['reserveStock', 'authorizePayment', 'confirmOrder'];
  const taken = names.map((activity) => ({ activity }));
  await environment().run(() => together.takeSteps({ steps: taken }));
  expect(seen.map(({ activity, outcome }) => `${activity} ${outcome}`)).toEqual([
    'reserveStock completed',
    'authorizePayment failed',
  ]);
});

test('a publication is told with the event that it is about', async () => {
  await environment().run(steps().publishEvent, { eventId: 'ord_1/OrderCreated/1' });
  expect(seen[0]!.eventId).toBe('ord_1/OrderCreated/1');
});

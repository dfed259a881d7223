import { RetryAfter } from '../../../consumers/runtime/errors';
import { DEFAULT_RETRY_POLICY, nextAttempt } from '../../../consumers/runtime/retry-policy';

const error = new Error('x');
const next = (attempts: number, random: number) =>
  nextAttempt(DEFAULT_RETRY_POLICY, { attempts, elapsedMs: 0, error }, () => random);

test('tries again at once, then ever later with jitter, and gives up in the end', () => {
  expect([1, 2, 3, 4, 5].map((attempts) => next(attempts, 0))).toEqual([
    { kind: 'at_once', inMs: 25 },
    { kind: 'at_once', inMs: 100 },
    { kind: 'parked', inMs: 500 },
    { kind: 'parked', inMs: 2_500 },
    { kind: 'parked', inMs: 15_000 },
  ]);
  expect(next(3, 1)).toEqual({ kind: 'parked', inMs: 1_000 });
  expect(next(10, 0)).toMatchObject({ kind: 'parked' });
  expect(next(11, 0)).toEqual({ kind: 'exhausted', reason: 'attempts_exhausted' });
});

test('an error that says when to come again is obeyed, within the budget of attempts', () => {
  const asked = (attempts: number) =>
    nextAttempt(DEFAULT_RETRY_POLICY, {
      ...{ attempts, elapsedMs: 0 },
      error: new RetryAfter('later', 7_000),
    });
  expect(asked(1)).toEqual({ kind: 'parked', inMs: 7_000 });
  expect(asked(11)).toMatchObject({ kind: 'exhausted' });
});

test('no attempt begins after the time for all of them is up', () => {
  const late = { attempts: 4, elapsedMs: DEFAULT_RETRY_POLICY.maxElapsedMs, error };
  expect(nextAttempt(DEFAULT_RETRY_POLICY, late)).toEqual({
    kind: 'exhausted',
    reason: 'time_exhausted',
  });
});

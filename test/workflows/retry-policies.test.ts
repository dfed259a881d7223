import { ActivityCancellationType } from '@temporalio/common';
import { localOptions, REGULAR, TOGETHER } from '../../workflows/retry-policies';
import * as attentionSteps from '../../workflows/attention-steps';
import * as cancelSteps from '../../workflows/cancel-steps';
import * as endingSteps from '../../workflows/ending-steps';
import type { Step } from '../../workflows/step';
import { ORDER_STEPS } from '../../workflows/steps';

const OTHER_STEPS = [attentionSteps, cancelSteps, endingSteps].flatMap((steps) =>
  Object.values<Step>(steps as unknown as Record<string, Step>),
);
const ACTIVITIES = [...ORDER_STEPS, ...OTHER_STEPS].map(({ activity }) => activity);
const LOCAL = [...ACTIVITIES.map(localOptions), TOGETHER];

/** The longest that a client inside an activity waits for an answer. */
const CLIENT_TIMEOUT_MS = 8_000;

const msOf = (duration: unknown) => Number.parseInt(String(duration), 10) * 1000;

test('steps before the pivot are tried for a bounded time, all others without end', () => {
  expect(REGULAR.compensatable.scheduleToCloseTimeout).toBe('24h');
  for (const kind of ['pivot', 'retriable'] as const) {
    expect(REGULAR[kind].scheduleToCloseTimeout).toBeUndefined();
    expect(REGULAR[kind].retry?.maximumAttempts).toBeUndefined();
  }
});

test('an attempt lasts longer than every client inside it waits', () => {
  for (const { startToCloseTimeout } of Object.values(REGULAR)) {
    expect(msOf(startToCloseTimeout)).toBeGreaterThan(CLIENT_TIMEOUT_MS);
  }
});

test('a cancelled step is waited for, however it is tried', () => {
  for (const { cancellationType } of [...Object.values(REGULAR), ...LOCAL]) {
    expect(cancellationType).toBe(ActivityCancellationType.WAIT_CANCELLATION_COMPLETED);
  }
});

test('the quick tries are few, and end before a workflow task would', () => {
  for (const { retry, scheduleToCloseTimeout } of LOCAL) {
    expect(retry?.maximumAttempts).toBeLessThanOrEqual(3);
    expect(msOf(scheduleToCloseTimeout)).toBeLessThan(8_000);
  }
});

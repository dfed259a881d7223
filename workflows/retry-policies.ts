import {
  ActivityCancellationType,
  type ActivityOptions,
  type LocalActivityOptions,
} from '@temporalio/workflow';
import type { ActivityName, StepKind } from './step';

/** One attempt: longer than every time limit of the clients inside the activities. */
const ATTEMPT_TIMEOUT = '10s';

// Left unset, a cancelled step is reported at once though it may still run, and its undo would
// overtake it (the SDK's default is TRY_CANCEL, whatever its documentation says).
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/**
 * Before the pivot: tried until a refusal, or until the placement deadline cancels the step. The
 * longest possible deadline stands here too, as the last limit.
 */
const compensatable: ActivityOptions = {
  startToCloseTimeout: ATTEMPT_TIMEOUT,
  scheduleToCloseTimeout: '24h',
  cancellationType,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
};

/** From the pivot on, and when undoing: there is no way back, so it is tried until it works. */
const retriable: ActivityOptions = {
  startToCloseTimeout: ATTEMPT_TIMEOUT,
  cancellationType,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
};

/** How a step is tried as a regular activity. */
export const REGULAR: Readonly<Record<StepKind, ActivityOptions>> = {
  compensatable,
  pivot: retriable,
  retriable,
};

/**
 * The quick tries, in the worker that runs the saga: longer than a healthy database takes, shorter
 * than people wait. What is not done by then is an outage, and outages belong where they are seen.
 */
const quick: LocalActivityOptions = {
  startToCloseTimeout: '2s',
  scheduleToCloseTimeout: '2s',
  cancellationType,
  retry: { initialInterval: '50ms', backoffCoefficient: 2, maximumAttempts: 3 },
};

/** A provider's answer takes longer than a database's; a second try is Temporal's to time. */
const quickPayment: LocalActivityOptions = {
  startToCloseTimeout: '3s',
  scheduleToCloseTimeout: '3s',
  cancellationType,
  retry: { maximumAttempts: 1 },
};

const PAYMENT_ACTIVITIES: readonly ActivityName[] = [
  'authorizePayment',
  'voidAuthorization',
  'capturePayment',
  'giveMoneyBack',
];

/** How an activity is tried as a local one, before it becomes a regular one. */
export function localOptions(activity: ActivityName): LocalActivityOptions {
  return PAYMENT_ACTIVITIES.includes(activity) ? quickPayment : quick;
}

/** All steps of an order at once: as long as the slowest of them alone, tried once. */
export const TOGETHER: LocalActivityOptions = {
  startToCloseTimeout: '4s',
  scheduleToCloseTimeout: '4s',
  cancellationType,
  retry: { maximumAttempts: 1 },
};

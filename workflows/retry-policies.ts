import { ActivityCancellationType, type ActivityOptions } from '@temporalio/workflow';

/** One attempt: longer than every time limit of the clients inside the activities. */
const ATTEMPT_TIMEOUT = '10s';

// Left unset, a cancelled step is reported at once though it may still run, and its undo would
// overtake it (the SDK's default is TRY_CANCEL, whatever its documentation says).
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

/**
 * Before the pivot: tried until a refusal, or until the placement deadline cancels the step. The
 * longest possible deadline stands here too, as the last limit.
 */
export const compensatable: ActivityOptions = {
  startToCloseTimeout: ATTEMPT_TIMEOUT,
  scheduleToCloseTimeout: '24h',
  cancellationType,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' },
};

/** From the pivot on, and when undoing: there is no way back, so it is tried until it works. */
export const retriable: ActivityOptions = {
  startToCloseTimeout: ATTEMPT_TIMEOUT,
  cancellationType,
  retry: { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '1m' },
};

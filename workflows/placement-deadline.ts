import {
  ApplicationFailure,
  CancellationScope,
  sleep,
  TemporalFailure,
} from '@temporalio/workflow';
import { REFUSALS } from '../domain/refusals';
import { isRefusal } from './endings';

/**
 * Runs the steps, and cancels the one under way when the deadline comes first: then fails with
 * `placement_deadline`. A step that ends well in spite of its cancellation counts as done.
 * A workflow timer, because a workflow's execution timeout would end it without any undo.
 */
export async function withinPlacementDeadline(
  deadlineMs: number,
  steps: () => Promise<void>,
): Promise<void> {
  const stepsScope = new CancellationScope();
  const timerScope = new CancellationScope();
  let isOver = false;
  void timerScope
    .run(() => sleep(deadlineMs, { summary: 'Placement deadline' }))
    .then(
      () => {
        isOver = true;
        stepsScope.cancel();
      },
      // The timer was cancelled: the steps were faster.
      () => undefined,
    );
  try {
    await stepsScope.run(steps);
  } catch (failure) {
    // A step that was cancelled in the middle of an attempt fails as that attempt did.
    if (!isOver || !(failure instanceof TemporalFailure) || isRefusal(failure)) throw failure;
    throw ApplicationFailure.nonRetryable('not confirmed in time', REFUSALS.placementDeadline);
  } finally {
    timerScope.cancel();
  }
}

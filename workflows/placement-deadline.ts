import { ApplicationFailure, CancellationScope, isCancellation, sleep } from '@temporalio/workflow';
import { REFUSALS } from '../domain/refusals';

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
    if (!isOver || !isCancellation(failure)) throw failure;
    throw ApplicationFailure.nonRetryable('not confirmed in time', REFUSALS.placementDeadline);
  } finally {
    timerScope.cancel();
  }
}

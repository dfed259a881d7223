import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  condition,
  defineUpdate,
  setHandler,
  sleep,
  TemporalFailure,
} from '@temporalio/workflow';
import { REFUSALS } from '../domain/refusals';
import { isRefusal } from './endings';
import { CANCEL_PLACEMENT, type OrderOutcome } from './messages';

const cancelPlacement = defineUpdate<OrderOutcome>(CANCEL_PLACEMENT);

/**
 * The time before the pivot, in which a placement can still be called off: by the update
 * `cancelPlacement`, by the deadline, or by a cancellation of the workflow. Whatever comes first
 * wins, and after `close()` nothing does.
 */
export class Placement {
  readonly #steps = new CancellationScope();
  readonly #timer = new CancellationScope();
  #isOpen = true;
  #isCancelled = false;
  #isLate = false;
  #outcome: OrderOutcome | undefined;
  #clock: Promise<void> | undefined;

  constructor(private readonly deadlineMs: number) {
    setHandler(cancelPlacement, () => this.#cancel(), { validator: () => this.#checkOpen() });
  }

  /** Whether somebody called it off. */
  get isCancelled(): boolean {
    return this.#isCancelled || CancellationScope.current().consideredCancelled;
  }

  /** How the placement ended: the answer to those who cancelled it. */
  set outcome(outcome: OrderOutcome) {
    this.#outcome = outcome;
  }

  /**
   * Runs the steps, and cancels the one under way when the placement is called off. Fails as the
   * step did, or with `placement_deadline`. A step that ends well in spite of its cancellation
   * counts as done.
   */
  async run(steps: () => Promise<void>): Promise<void> {
    try {
      await this.#steps.run(steps);
      // It may have been called off while the last step was ending well: still before the pivot.
      if (this.isCancelled) throw new CancelledFailure('cancelled before the pivot');
    } catch (failure) {
      // A step that was cancelled in the middle of an attempt fails as that attempt did.
      if (!this.#isLate || !(failure instanceof TemporalFailure) || isRefusal(failure)) {
        throw failure;
      }
      throw ApplicationFailure.nonRetryable('not confirmed in time', REFUSALS.placementDeadline);
    } finally {
      this.#isOpen = false;
      this.#timer.cancel();
    }
  }

  /**
   * Starts the deadline's clock, once: called when a step's quick tries are spent, because before
   * that nothing takes long, and a timer costs every order an action. A workflow timer, because a
   * workflow's execution timeout would end it without any undo.
   */
  readonly startClock = (): void => {
    this.#clock ??= this.#timer
      .run(() => sleep(this.deadlineMs, { summary: 'Placement deadline' }))
      .then(
        () => {
          this.#isLate = true;
          this.#steps.cancel();
        },
        // The timer was cancelled: the steps were faster.
        () => undefined,
      );
  };

  async #cancel(): Promise<OrderOutcome> {
    this.#isCancelled = true;
    this.#steps.cancel();
    await CancellationScope.nonCancellable(() => condition(() => this.#outcome !== undefined));
    return this.#outcome!;
  }

  /** One who cancels a second time is told how it ended, too. */
  #checkOpen(): void {
    if (this.#isOpen || this.#isCancelled) return;
    throw ApplicationFailure.nonRetryable('it is too late', REFUSALS.placementOver);
  }
}

import { TemporalFailure } from '@temporalio/workflow';

interface Undo {
  readonly step: string;
  readonly run: () => Promise<void>;
}

/** The saga's way back: what to undo, latest step first. */
export class Compensations {
  readonly #undos: Undo[] = [];

  /** Call it before the step itself: a step that timed out may still have happened. */
  add(step: string, run: () => Promise<void>): void {
    this.#undos.unshift({ step, run });
  }

  /**
   * Undoes everything it can, one after another, and returns the undos that a person must finish:
   * one that cannot succeed does not stop the others. Run it where cancellation cannot reach.
   */
  async run(): Promise<string[]> {
    const stuck: string[] = [];
    for (const { step, run } of this.#undos) {
      try {
        await run();
      } catch (failure) {
        if (!(failure instanceof TemporalFailure)) throw failure;
        stuck.push(step);
      }
    }
    return stuck;
  }
}

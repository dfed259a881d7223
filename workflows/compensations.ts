import type { Attention } from './attention';
import type { Progress } from './progress';
import type { Step } from './step';

interface Undo {
  readonly undo: Step;
  readonly input: unknown;
}

/** The saga's way back: what to undo, latest step first. */
export class Compensations {
  readonly #undos: Undo[] = [];

  /** Call it before the step itself: a step that timed out may still have happened. */
  add(undo: Step, input: unknown): void {
    this.#undos.unshift({ undo, input });
  }

  /**
   * Undoes everything, one after another; one that cannot succeed is left to a person and does not
   * stop the others. Run it where cancellation cannot reach.
   */
  async run(attention: Attention, progress: Progress): Promise<void> {
    for (const { undo, input } of this.#undos) {
      progress.begin(`undo: ${undo.name}`);
      await attention.insist(undo, input as never);
      if (attention.waiting.includes(undo.name)) progress.fail('needs a person');
    }
  }
}

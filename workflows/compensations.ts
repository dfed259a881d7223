import type { Attention } from './attention';
import type { Progress } from './progress';
import type { Step } from './step';

interface Undo {
  readonly of: string;
  readonly undo: Step;
  readonly input: unknown;
}

/** The saga's way back: what to undo, latest step first. */
export class Compensations {
  #undos: Undo[] = [];

  /** Call it before the step itself: a step that timed out may still have happened. Once a step. */
  add(step: string, undo: Step, input: unknown): void {
    if (this.#undos.some(({ of }) => of === step)) return;
    this.#undos.unshift({ of: step, undo, input });
  }

  /** For a step that has certainly not been begun. */
  drop(step: string): void {
    this.#undos = this.#undos.filter(({ of }) => of !== step);
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

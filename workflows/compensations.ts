import type { Attention } from './attention';
import type { ActivityName, CompensatableStep, InputOf } from './step';

/** The saga's way back: what to undo, latest step first. */
export class Compensations {
  readonly #undos: ((attention: Attention) => Promise<void>)[] = [];

  /** Call it before the step itself: a step that timed out may still have happened. */
  add<Name extends ActivityName, Undo extends ActivityName>(
    { undo }: CompensatableStep<Name, Undo>,
    input: InputOf<Undo>,
  ): void {
    this.#undos.unshift((attention) => attention.insist(undo, input));
  }

  /**
   * Undoes everything, one after another; one that cannot succeed is left to a person and does not
   * stop the others. Run it where cancellation cannot reach.
   */
  async run(attention: Attention): Promise<void> {
    for (const undo of this.#undos) await undo(attention);
  }
}

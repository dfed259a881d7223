import { TemporalFailure } from '@temporalio/workflow';
import { noteAttention } from './steps';

/** What of one order is left to a person. */
export class Attention {
  readonly #notes: string[] = [];

  constructor(private readonly orderId: string) {}

  /** Everything noted so far. */
  get notes(): readonly string[] {
    return this.#notes;
  }

  /**
   * Runs a step that has no way back. When it cannot succeed, a person is told what is left to do,
   * and the saga goes on without its result.
   */
  async unlessDone<Result>(what: string, step: () => Promise<Result>): Promise<Result | undefined> {
    try {
      return await step();
    } catch (failure) {
      if (!(failure instanceof TemporalFailure)) throw failure;
      await this.note(what);
      return undefined;
    }
  }

  /** Tells a person what is left to do. */
  async note(what: string): Promise<void> {
    this.#notes.push(what);
    await noteAttention({ orderId: this.orderId, what });
  }
}

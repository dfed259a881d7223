import { Context } from '@temporalio/activity';

/** A step to be taken: an activity with its input, or with what an earlier one of the row returned. */
export interface StepToTake {
  readonly activity: string;
  readonly input?: unknown;
  /** Which one's result is the input, counted from 0. */
  readonly resultOf?: number;
}

/** How far a row of steps went. */
export interface StepsTaken {
  /** What the steps returned that succeeded, in their order; the next one failed, or none is left. */
  readonly results: unknown[];
  /** How long each of them took. */
  readonly tookMs: number[];
}

type Activities = Readonly<Record<string, (input: never) => Promise<unknown>>>;

/** Several steps of a saga at once, for what it saves between them. */
export function createStepsActivity(activities: Activities) {
  return {
    /**
     * Takes the steps one after another, up to the first that fails, and says how far it came. It
     * never fails itself: what failed is tried again by itself, where its failure is seen.
     */
    async takeSteps({ steps }: { steps: StepToTake[] }): Promise<StepsTaken> {
      const { cancellationSignal } = Context.current();
      const results: unknown[] = [];
      const tookMs: number[] = [];
      for (const { activity, input, resultOf } of steps) {
        // Given up by the saga, which goes its own way from here.
        if (cancellationSignal.aborted) break;
        const begun = performance.now();
        try {
          const given = resultOf === undefined ? input : results[resultOf];
          results.push((await activities[activity]!(given as never)) ?? null);
          tookMs.push(Math.round(performance.now() - begun));
        } catch {
          break;
        }
      }
      return { results, tookMs };
    },
  };
}

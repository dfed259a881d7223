import {
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
  TemporalFailure,
} from '@temporalio/workflow';
import type { SagaActivities, StepActivities } from '../activities';
import type { StepsTaken, StepToTake } from '../activities/take-steps';
import { localOptions, REGULAR, TOGETHER } from './retry-policies';
import type { ActivityName, InputOf, ResultOf, Step } from './step';

/**
 * Takes a step: a few quick tries as a local activity, which costs no round trip to the server,
 * then as a regular one, so that an outage is seen as a pending activity and outlives this worker.
 * `onSlow` is told when the quick tries are spent. Throws the activity's failure.
 */
export async function perform<Name extends ActivityName>(
  step: Step<Name>,
  input: InputOf<Name>,
  onSlow?: () => void,
): Promise<ResultOf<Name>> {
  try {
    return await tryHere(step, input);
  } catch (failure) {
    if (!isBudgetSpent(failure)) throw failure;
    onSlow?.();
    return await performOnRecord(step, input);
  }
}

/**
 * Takes a step as a regular activity, which begins only once all that led to it is in the saga's
 * history. For what others act upon: a worker that is lost takes with it what it did not record,
 * and the next one may meet no failure where this one did. Throws the activity's failure.
 */
export function performOnRecord<Name extends ActivityName>(
  { name, activity, kind }: Step<Name>,
  input: InputOf<Name>,
): Promise<ResultOf<Name>> {
  const options = { ...REGULAR[kind], summary: capitalized(name) };
  const attempt = proxyActivities<StepActivities>(options)[activity];
  return (attempt as unknown as Attempt<Name>)(input);
}

/**
 * Takes several steps at once, as far as they go, in one local activity: each activity of its own
 * costs the worker more than most steps do. Returns what came of those that succeeded, or
 * undefined when nobody knows how far they went: then each may or may not have happened.
 */
export async function performTogether(
  summary: string,
  steps: StepToTake[],
): Promise<StepsTaken | undefined> {
  try {
    const { takeSteps } = proxyLocalActivities<SagaActivities>({ ...TOGETHER, summary });
    return await takeSteps({ steps });
  } catch (failure) {
    if (!isBudgetSpent(failure)) throw failure;
    return undefined;
  }
}

type Attempt<Name extends ActivityName> = (input: InputOf<Name>) => Promise<ResultOf<Name>>;

function tryHere<Name extends ActivityName>({ name, activity }: Step<Name>, input: InputOf<Name>) {
  const options = { ...localOptions(activity), summary: capitalized(name) };
  const attempt = proxyLocalActivities<StepActivities>(options)[activity];
  return (attempt as unknown as Attempt<Name>)(input);
}

/** Neither a definite no nor a cancellation: the local tries were not enough. */
function isBudgetSpent(failure: unknown): boolean {
  if (!(failure instanceof TemporalFailure) || isCancellation(failure)) return false;
  // A local activity that gives up after its last try fails as that try did, unwrapped.
  const cause = failure instanceof ApplicationFailure ? failure : failure.cause;
  return !(cause instanceof ApplicationFailure && cause.nonRetryable);
}

/** As the Temporal Web UI shows a step. */
function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

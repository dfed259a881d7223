import {
  ActivityFailure,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { SagaActivities } from '../activities';
import { localOptions, REGULAR } from './retry-policies';
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
    return await tryAnywhere(step, input);
  }
}

type Attempt<Name extends ActivityName> = (input: InputOf<Name>) => Promise<ResultOf<Name>>;

function tryHere<Name extends ActivityName>({ name, activity }: Step<Name>, input: InputOf<Name>) {
  const options = { ...localOptions(activity), summary: summaryOf(name) };
  const attempt = proxyLocalActivities<SagaActivities>(options)[activity];
  return (attempt as unknown as Attempt<Name>)(input);
}

function tryAnywhere<Name extends ActivityName>(
  { name, activity, kind }: Step<Name>,
  input: InputOf<Name>,
) {
  const options = { ...REGULAR[kind], summary: summaryOf(name) };
  const attempt = proxyActivities<SagaActivities>(options)[activity];
  return (attempt as unknown as Attempt<Name>)(input);
}

/** Neither a definite no nor a cancellation: the local tries were not enough. */
function isBudgetSpent(failure: unknown): boolean {
  if (!(failure instanceof ActivityFailure) || isCancellation(failure)) return false;
  return !(failure.cause instanceof ApplicationFailure && failure.cause.nonRetryable);
}

function summaryOf(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

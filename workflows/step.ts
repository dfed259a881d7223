import type { StepActivities } from '../activities';
import type { PlacedOrder } from './messages';

/** The name of an activity that is a step. */
export type ActivityName = keyof StepActivities;

/** What an activity takes. */
export type InputOf<Name extends ActivityName> = Parameters<StepActivities[Name]>[0];

/** What an activity returns. */
export type ResultOf<Name extends ActivityName> = Awaited<ReturnType<StepActivities[Name]>>;

/** Whether there is a way back from a step, and how long it is tried. */
export type StepKind = 'compensatable' | 'pivot' | 'retriable';

/** One step of a saga: an activity under the name by which people know it. */
export interface Step<Name extends ActivityName = ActivityName> {
  /** As the Temporal Web UI, the order's notes and the operator's verbs call it. */
  readonly name: string;
  readonly activity: Name;
  readonly kind: StepKind;
}

/** A step of the order saga: where its input comes from, and what takes it back. */
export interface OrderStep<Name extends ActivityName = ActivityName> extends Step<Name> {
  /** Made from the order, or the result of an earlier step. */
  readonly input: ((order: PlacedOrder) => InputOf<Name>) | { readonly resultOf: string };
  /** Is given the same input: a no-op where nothing is to be taken back. */
  readonly undo?: Step;
  /** The id of the patch that brought it: orders that began before it go on without. */
  readonly since?: string;
  /** That no order of before is left: what is recorded of the patch is accepted, and asked no more. */
  readonly isSinceLongAgo?: boolean;
}

/**
 * The same step, for a saga that is in use: orders that are on their way do not take it.
 * @public
 */
export function since(patchId: string, step: OrderStep): OrderStep {
  return { ...step, since: patchId };
}

/**
 * Instead of {@link since}, once no order of before is left; later neither is needed.
 * @public
 */
export function sinceLongAgo(patchId: string, step: OrderStep): OrderStep {
  return { ...step, since: patchId, isSinceLongAgo: true };
}

/** Declares a step before the pivot, with the step that takes it back. */
export function compensatable<Name extends ActivityName>(
  name: string,
  activity: Name,
  input: (order: PlacedOrder) => InputOf<Name>,
  undo: Step,
): OrderStep<Name> {
  return { name, activity, kind: 'compensatable', input, undo };
}

/** Declares the step after which there is no way back. */
export function pivot<Name extends ActivityName>(
  name: string,
  activity: Name,
  input: (order: PlacedOrder) => InputOf<Name>,
): OrderStep<Name> {
  return { name, activity, kind: 'pivot', input };
}

/** Declares a step after the pivot: tried until it works. */
export function retriable<Name extends ActivityName>(
  name: string,
  activity: Name,
  input: OrderStep<Name>['input'],
): OrderStep<Name> {
  return { name, activity, kind: 'retriable', input };
}

/** A step that is tried until it works, on the way back or in another saga. */
export function always<Name extends ActivityName>(name: string, activity: Name): Step<Name> {
  return { name, activity, kind: 'retriable' };
}

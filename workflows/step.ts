import type { SagaActivities } from '../activities';

/** The name of an activity. */
export type ActivityName = keyof SagaActivities;

/** What an activity takes. */
export type InputOf<Name extends ActivityName> = Parameters<SagaActivities[Name]>[0];

/** What an activity returns. */
export type ResultOf<Name extends ActivityName> = Awaited<ReturnType<SagaActivities[Name]>>;

/** How far a step may be from giving up, and whether there is a way back from it. */
export type StepKind = 'compensatable' | 'pivot' | 'retriable';

/** One step of a saga: an activity under the name by which people know it. */
export interface Step<Name extends ActivityName = ActivityName> {
  /** As the Temporal Web UI, the order's notes and the operator's verbs call it. */
  readonly name: string;
  readonly activity: Name;
  readonly kind: StepKind;
}

/** A step that can be taken back by another one, which is given the same input. */
export interface CompensatableStep<
  Name extends ActivityName = ActivityName,
  Undo extends ActivityName = ActivityName,
> extends Step<Name> {
  readonly kind: 'compensatable';
  readonly undo: Step<Undo>;
}

/** Declares a step before the pivot, with the step that takes it back: a no-op where nothing is. */
export function compensatable<Name extends ActivityName, Undo extends ActivityName>(
  name: string,
  activity: Name,
  undo: Step<Undo>,
): CompensatableStep<Name, Undo> {
  return { name, activity, kind: 'compensatable', undo };
}

/** Declares the step after which there is no way back. */
export function pivot<Name extends ActivityName>(name: string, activity: Name): Step<Name> {
  return { name, activity, kind: 'pivot' };
}

/** Declares a step that is tried until it works: after the pivot, or on the way back. */
export function retriable<Name extends ActivityName>(name: string, activity: Name): Step<Name> {
  return { name, activity, kind: 'retriable' };
}

import { ApplicationFailure, isCancellation, type TemporalFailure } from '@temporalio/workflow';
import type { ClosedStatus } from '../domain/order';
import { BUSINESS_REFUSALS, REFUSALS, type Refusal } from '../domain/refusals';

/** How an order ends that could not be confirmed. */
export interface Ending {
  readonly status: ClosedStatus;
  /** Stable: a refusal's type, `cancelled` or `system_failure`. */
  readonly code: string;
}

/**
 * The ending that a failure means: the business said no, someone called it off, or we could not.
 * A step that was cancelled in the middle of an attempt fails as that attempt did, so whether the
 * saga was cancelled must be told.
 */
export function endingOf(failure: TemporalFailure, isSagaCancelled: boolean): Ending {
  const refusal = refusalOf(failure);
  if (refusal && BUSINESS_REFUSALS.includes(refusal)) return { status: 'rejected', code: refusal };
  if (isSagaCancelled || isCancellation(failure) || refusal === REFUSALS.cancelRequested) {
    return { status: 'cancelled', code: 'cancelled' };
  }
  return { status: 'failed', code: refusal ?? 'system_failure' };
}

/** Whether somebody has to look at the order because of how it ended. */
export function needsPerson({ code }: Ending): boolean {
  const refusals: string[] = [REFUSALS.paymentMismatch, REFUSALS.paymentRequestRefused];
  return refusals.includes(code);
}

/** Whether a participant said a definite no. */
export function isRefusal(failure: TemporalFailure): boolean {
  return refusalOf(failure) !== undefined;
}

/** The definite no that the failure stands for, if it is one. */
export function refusalOf(failure: TemporalFailure): Refusal | undefined {
  const cause = failure instanceof ApplicationFailure ? failure : failure.cause;
  const type = cause instanceof ApplicationFailure ? cause.type : undefined;
  // The type of any other error is the name of its class, which is nobody's business.
  return Object.values(REFUSALS).find((refusal) => refusal === type);
}

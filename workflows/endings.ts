import { ApplicationFailure, isCancellation, type TemporalFailure } from '@temporalio/workflow';
import type { ClosedStatus } from '../domain/order';
import { BUSINESS_REFUSALS } from '../domain/refusals';

/** How an order ends that could not be confirmed. */
export interface Ending {
  readonly status: ClosedStatus;
  /** Stable: a refusal's type, `cancelled` or `system_failure`. */
  readonly code: string;
}

/** The ending that a failure means: the business said no, someone called it off, or we could not. */
export function endingOf(failure: TemporalFailure): Ending {
  if (isCancellation(failure)) return { status: 'cancelled', code: 'cancelled' };
  const code = refusalType(failure) ?? 'system_failure';
  return { status: BUSINESS_REFUSALS.includes(code) ? 'rejected' : 'failed', code };
}

function refusalType(failure: TemporalFailure): string | undefined {
  const cause = failure instanceof ApplicationFailure ? failure : failure.cause;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
}

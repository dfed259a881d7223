import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type { Refusal } from '../domain/refusals';

/**
 * A participant's definite no: never retried, and no error in the worker's log, because it is an
 * answer. `details` are shown in the Temporal Web UI: never personal data.
 */
export function refuse(type: Refusal, message: string, details?: unknown): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: true,
    category: ApplicationFailureCategory.BENIGN,
    details: details === undefined ? [] : [details],
  });
}

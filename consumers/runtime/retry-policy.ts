import { RetryAfter } from './errors';

/** How a failed delivery is tried again. */
export interface RetryPolicy {
  /** Attempts at once, in the process, before it is parked; the pauses between them, in ms. */
  readonly immediateMs: readonly number[];
  /** How long it waits after it was parked, in ms, one for each attempt that follows. */
  readonly delaysMs: readonly number[];
  /** No attempt begins later than this after the first failure, in ms. */
  readonly maxElapsedMs: number;
}

/** Two at once for a hiccup; then for hours, in which a person sees it and can mend it. */
export const DEFAULT_RETRY_POLICY: RetryPolicy = {
  immediateMs: [50, 200],
  delaysMs: [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000, 3_600_000],
  maxElapsedMs: 24 * 3_600_000,
};

/** What happens after a failed attempt. */
export type NextAttempt =
  | { readonly kind: 'at_once'; readonly inMs: number }
  | { readonly kind: 'parked'; readonly inMs: number }
  | { readonly kind: 'exhausted'; readonly reason: 'attempts_exhausted' | 'time_exhausted' };

/**
 * What follows after `attempts` failures, the first of them `elapsedMs` ago. A wait is between half
 * and the whole of its delay, so that what failed together does not come back together.
 */
export function nextAttempt(
  policy: RetryPolicy,
  { attempts, elapsedMs, error }: { attempts: number; elapsedMs: number; error: unknown },
  random = Math.random,
): NextAttempt {
  const jittered = (ms: number) => Math.round(ms * (0.5 + random() / 2));
  const askedMs = error instanceof RetryAfter ? error.delayMs : undefined;
  const atOnce = policy.immediateMs[attempts - 1];
  if (atOnce !== undefined && askedMs === undefined) {
    return { kind: 'at_once', inMs: jittered(atOnce) };
  }
  const delay = policy.delaysMs[Math.max(attempts - 1 - policy.immediateMs.length, 0)];
  const isSpent = attempts > policy.immediateMs.length + policy.delaysMs.length;
  if (delay === undefined || isSpent) return { kind: 'exhausted', reason: 'attempts_exhausted' };
  const inMs = askedMs ?? jittered(delay);
  if (elapsedMs + inMs > policy.maxElapsedMs) {
    return { kind: 'exhausted', reason: 'time_exhausted' };
  }
  return { kind: 'parked', inMs };
}

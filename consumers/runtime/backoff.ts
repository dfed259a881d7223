/**
 * How long a delivery waits after its first, second, … failure. After one more it is given up: by
 * then hours have passed.
 */
const DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000, 3_600_000];

/**
 * How long to wait after this many failed attempts, undefined when it is enough. Between half and
 * the whole of the delay, so that what failed together does not come back together.
 */
export function backoffMs(failedAttempts: number, random = Math.random): number | undefined {
  const delay = DELAYS_MS[failedAttempts - 1];
  return delay === undefined ? undefined : Math.round(delay * (0.5 + random() / 2));
}

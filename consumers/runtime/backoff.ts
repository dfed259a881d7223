/** How long a delivery waits after its first, second, … failure. */
const DELAYS_MS = [1_000, 5_000, 30_000, 120_000, 600_000, 3_600_000, 3_600_000, 3_600_000];

/** After this many attempts a delivery is given up: by then hours have passed. */
export const MAX_ATTEMPTS = DELAYS_MS.length + 1;

/**
 * How long to wait after this many attempts, undefined when it is enough. Between half and the
 * whole of the delay, so that what failed together does not come back together.
 */
export function backoffMs(attempts: number, random = Math.random): number | undefined {
  const delay = DELAYS_MS[attempts - 1];
  return delay === undefined ? undefined : Math.round(delay * (0.5 + random() / 2));
}

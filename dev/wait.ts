import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;

/**
 * Waits until `probe` returns something other than undefined, and returns that. Rejects with
 * `what` after `timeoutMs`, and with the last error of the probe as its cause.
 */
export async function waitFor<T>(
  what: string,
  timeoutMs: number,
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (let cause: unknown; ;) {
    try {
      const found = await probe();
      if (found !== undefined) return found;
    } catch (error) {
      cause = error;
    }
    if (performance.now() > deadline) {
      throw new Error(`waited ${timeoutMs / 1000} s for ${what}`, { cause });
    }
    await sleep(POLL_MS);
  }
}

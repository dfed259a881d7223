import { setTimeout as sleep } from 'node:timers/promises';

/** While the group is paused, it is looked again after so long. */
const PAUSE_LOOK_MS = 250;

/** Resolves when the group is not paused; rejects when the signal is aborted before. */
export async function untilResumed(isPaused: () => boolean, signal: AbortSignal): Promise<void> {
  while (isPaused()) await sleep(PAUSE_LOOK_MS, undefined, { signal });
}

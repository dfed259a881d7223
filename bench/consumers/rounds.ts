import { setTimeout as sleep } from 'node:timers/promises';

/** How many rounds each way to run ours or BullMQ has, in the same processes; their median counts. */
export const ROUNDS = 3;

/** Events, or jobs, before the first round: it is neither the first plan nor the first compilation. */
export const WARM_UP = 15_000;

/** Often enough for a measurement of seconds, and too seldom to be felt in it. */
const LOOK_MS = 50;
const TIMEOUT_MS = 120_000;

/** Resolves when nothing is left; throws when that takes too long. */
export async function untilNoneLeft(what: string, left: () => Promise<number>): Promise<void> {
  const deadline = performance.now() + TIMEOUT_MS;
  while ((await left()) > 0) {
    if (performance.now() > deadline) throw new Error(`${what} took over ${TIMEOUT_MS / 1000} s`);
    await sleep(LOOK_MS);
  }
}

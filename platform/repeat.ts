import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from './log';

/** A duty that is done again and again until it is stopped. */
export interface RepeatedDuty {
  /** Waits for the round under way. */
  readonly stop: () => Promise<void>;
}

/**
 * Runs `duty` every `intervalMs`, one round at a time; a round that fails is logged and the next
 * one comes all the same.
 */
export function repeat(
  { name, intervalMs, logger }: { name: string; intervalMs: number; logger: Logger },
  duty: (signal: AbortSignal) => Promise<void>,
): RepeatedDuty {
  const stopping = new AbortController();
  const rounds = goRound(stopping.signal);

  async function goRound(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await duty(signal);
      } catch (err) {
        logger.warn({ err, duty: name }, 'a round failed');
      }
      await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
    }
  }
  return {
    async stop() {
      stopping.abort();
      await rounds;
    },
  };
}

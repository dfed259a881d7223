import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Pulse } from './pulse';

/** After an error a duty goes on after so long, doubled each time up to the limit. */
const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2_000;

/** What a member does again and again until it stops; an error only makes it wait. */
export class Duties {
  constructor(
    private readonly stopping: AbortSignal,
    private readonly logger: Logger,
  ) {}

  /** Repeats a duty until the member stops: after `intervalMs`, or when its pulse is woken. */
  async repeat(
    name: string,
    intervalMs: number,
    duty: () => Promise<unknown>,
    pulse = new Pulse(),
  ): Promise<void> {
    for (let since = pulse.wakes; await this.untilDone(name, duty); since = pulse.wakes) {
      await pulse.wait(intervalMs, since, this.stopping);
    }
  }

  /** Does a duty once, however often it must be tried; false when the member stops. */
  async untilDone(name: string, duty: () => Promise<unknown>): Promise<boolean> {
    for (let failures = 0; !this.stopping.aborted; failures += 1) {
      try {
        await duty();
        return !this.stopping.aborted;
      } catch (err) {
        this.logger.warn({ err, duty: name, failures }, 'a round failed');
        const pauseMs = Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS);
        await sleep(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
      }
    }
    return false;
  }
}

import closeWithGrace from 'close-with-grace';
import { ConfigurationError } from './config';
import type { Logger } from './log';

/** A process that has not stopped by then is ended; what it left undone is taken over. */
const STOP_DEADLINE_MS = 10_000;

/** What a process started, in the order in which it started it. */
export interface Lifecycle {
  /** Registers how to stop a part; parts stop one after another, the latest first. */
  readonly onStop: (part: string, stop: () => Promise<unknown> | void) => void;
  /** Stops everything and exits with an error: for a part that ended by itself. */
  readonly fail: (error: unknown) => void;
}

/**
 * Runs a process until SIGTERM or SIGINT, then stops its parts and exits: 0 after a signal, 1 when
 * it could not start, ended by itself or threw where nobody caught it.
 */
export function runProcess(logger: Logger, start: (lifecycle: Lifecycle) => Promise<void>): void {
  const stops: { part: string; stop: () => Promise<unknown> | void }[] = [];

  closeWithGrace({ delay: STOP_DEADLINE_MS, logger: false }, async (reason) => {
    // A person set it wrongly and has to read it: lines, and no stack.
    if (reason.err instanceof ConfigurationError) console.error(reason.err.message);
    else if (reason.err) logger.fatal({ err: reason.err }, 'stopping after an error');
    else logger.info({ signal: reason.signal }, 'stopping');
    for (const { part, stop } of stops.reverse()) {
      try {
        await stop();
      } catch (error) {
        logger.error({ err: error, part }, 'could not stop cleanly');
      }
    }
    logger.info('stopped');
  });
  const fail = (error: unknown) => {
    // Thrown where nobody catches it: the one way into closeWithGrace that carries an error.
    setImmediate(() => {
      throw asError(error);
    });
  };

  start({ onStop: (part, stop) => stops.push({ part, stop }), fail }).catch(fail);
}

/** So many lifecycles whose parts stop side by side: one that is slow keeps no other waiting. */
export function sideBySide({ onStop, fail }: Lifecycle, part: string, count: number): Lifecycle[] {
  const stopAll: (() => Promise<void>)[] = [];
  onStop(part, async () => {
    const results = await Promise.allSettled(stopAll.map((stop) => stop()));
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  });
  return Array.from({ length: count }, () => {
    const stops: (() => Promise<unknown> | void)[] = [];
    stopAll.push(async () => {
      for (const stop of stops.reverse()) await stop();
    });
    return { fail, onStop: (_part, stop) => stops.push(stop) };
  });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

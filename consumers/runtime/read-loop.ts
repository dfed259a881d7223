import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Broker, StreamReader } from './broker';
import { readNew, type GroupMember, type Given } from './stream-commands';
import { Turns } from './turns';

/** A read waits so long for news: what stops it waits as long at most. */
const BLOCK_MS = 100;

/** While there is nothing to read, or no room, it is looked again after so long. */
const LOOK_AGAIN_MS = 5;

/** After an error it is read again after so long, doubled each time up to the limit. */
const MIN_PAUSE_MS = 200;
const MAX_PAUSE_MS = 2_000;

/** Who reads, what may be read, and who is given it. */
export interface ReadOptions extends GroupMember {
  readonly broker: Broker;
  readonly logger: Logger;
  readonly batchSize: number;
  /** Of these streams, those that may be read now, and how many entries in all. */
  readonly mayRead: (streams: readonly string[]) => { streams: readonly string[]; credits: number };
  /** Told of each read as it begins; what it returns is called when the read has ended. */
  readonly onBegin: (streams: readonly string[]) => () => void;
  readonly onRead: (given: readonly Given[]) => void;
  /** Of all these streams it is no longer known what was given to us. */
  readonly onError: (streams: readonly string[], error: unknown) => void;
}

/** Reads these streams on a connection of its own, until the signal is aborted. Never rejects. */
export async function readLoop(
  options: ReadOptions,
  together: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  const turns = new Turns(options.batchSize);
  let reader: StreamReader | undefined;
  for (let failures = 0; !signal.aborted;) {
    const { streams, credits } = options.mayRead(together);
    const asked = turns.next(streams, credits);
    if (asked.streams.length === 0) {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    const onEnd = options.onBegin(asked.streams);
    try {
      reader ??= await options.broker.openReader();
      const blockMs = asked.mayWait ? BLOCK_MS : undefined;
      const given = await readNew(reader, options, { ...asked, blockMs });
      turns.heard(asked, given);
      options.onRead(given);
      failures = 0;
    } catch (error) {
      onEnd();
      // Others may have been given something by a server that has lost it since.
      options.onError(together, error);
      options.logger.warn({ err: error, failures }, 'could not read');
      reader?.close();
      reader = undefined;
      const pauseMs = Math.min(MIN_PAUSE_MS * 2 ** failures++, MAX_PAUSE_MS);
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
    } finally {
      onEnd();
    }
  }
  reader?.close();
}

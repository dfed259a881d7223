import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Delivery } from '../../db/consumers/inbox';
import type { Broker, StreamReader } from './broker';
import { readNew, type GroupMember } from './stream-commands';

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
  /** Of these streams, those that may be read now, and how many entries in all. */
  readonly mayRead: (streams: readonly string[]) => { streams: readonly string[]; credits: number };
  /** Told of each read as it begins; what it returns is called when the read has ended. */
  readonly onBegin: (streams: readonly string[]) => () => void;
  readonly onRead: (deliveries: readonly Delivery[]) => void;
  /** Of these streams it is no longer known what was given to us. */
  readonly onError: (streams: readonly string[], error: unknown) => void;
}

/** Reads these streams on a connection of its own, until the signal is aborted. Never rejects. */
export async function readLoop(
  options: ReadOptions,
  together: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  let reader: StreamReader | undefined;
  for (let failures = 0, round = 0; !signal.aborted; round += 1) {
    const { streams, credits } = options.mayRead(together);
    const asked = fairShare(streams, credits, round);
    if (asked.streams.length === 0) {
      await sleep(LOOK_AGAIN_MS);
      continue;
    }
    const onEnd = options.onBegin(asked.streams);
    try {
      reader ??= await options.broker.openReader();
      options.onRead(await readNew(reader, options, { ...asked, blockMs: BLOCK_MS }));
      failures = 0;
    } catch (error) {
      onEnd();
      options.onError(asked.streams, error);
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

/** COUNT holds for each stream: with few credits only some are asked, others the next time. */
function fairShare(streams: readonly string[], credits: number, round: number) {
  if (credits >= streams.length) {
    return { streams, count: Math.floor(credits / Math.max(streams.length, 1)) };
  }
  const first = round % streams.length;
  const rotated = [...streams.slice(first), ...streams.slice(0, first)];
  return { streams: rotated.slice(0, credits), count: 1 };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import type { ArchivedEvent, ArchiveQuery } from '../../db/consumers/archive';
import {
  advanceReplay,
  beginPage,
  findOpenReplays,
  isReplayRunning,
  type OpenReplay,
} from '../../db/consumers/replays';
import { findKnown, type Delivery } from '../../db/consumers/inbox';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { ENTRY_FIELDS } from '../../events/envelope';
import type { Dispatcher } from './dispatcher';
import type { Partition } from './partition';
import { untilResumed } from './pause';

/** Events read from the archive at once; all are settled before the next are read. */
const PAGE = 200;

/** At a set rate, a page is what is due in this time. */
const PAGE_MS = 200;

/** Reads the next events of a partition, as the archive of all events has them. */
export type ReadArchive = (query: ArchiveQuery) => Promise<readonly ArchivedEvent[]>;

/** What replaying needs. */
export interface ReplayOptions {
  readonly db: Kysely<RuntimeSchema>;
  readonly readArchive: ReadArchive;
  readonly dispatcher: Dispatcher;
  /** How many partitions share a replay's rate. */
  readonly partitions: number;
  readonly isPaused: () => boolean;
  /** Handles events one by one, because one of them may have ended its process. */
  readonly tryAlone: (
    partition: Partition,
    deliveries: readonly Delivery[],
    how: { readonly isReplay: boolean },
  ) => Promise<void>;
}

/** Works through the replays that this partition has still to read: those that hold live, or all. */
export async function replayAll(
  options: ReplayOptions,
  partition: Partition,
  { onlyHolding }: { onlyHolding: boolean },
): Promise<void> {
  for (const replay of await findOpenReplays(options.db, partition.stream)) {
    if (onlyHolding && !replay.holdsLive) continue;
    await replayOne(options, partition, replay);
  }
}

async function replayOne(
  options: ReplayOptions,
  partition: Partition,
  replay: OpenReplay,
): Promise<void> {
  const rate = replay.ratePerSecond && replay.ratePerSecond / options.partitions;
  const limit = rate ? Math.min(Math.max(Math.floor((rate * PAGE_MS) / 1000), 1), PAGE) : PAGE;
  let dueAt = performance.now();
  for (let after = replay.cursor; ;) {
    partition.signal.throwIfAborted();
    if (options.isPaused()) {
      if (!replay.holdsLive) return;
      // Nothing live may pass it meanwhile.
      await untilResumed(options.isPaused, partition.signal);
      continue;
    }
    if (!(await isReplayRunning(options.db, replay.replayId))) return;
    const events = await options.readArchive({ ...replay, after, limit });
    if (!(await handleAll(options, partition, replay, events))) return;
    after = events.at(-1)?.cursor ?? after;
    const isDone = events.length === 0;
    await advanceReplay(options.db, replay, { cursor: after, read: events.length, isDone });
    if (isDone) return;
    dueAt += rate ? (events.length / rate) * 1000 : 0;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, { signal: partition.signal });
  }
}

/** Has those handled that the group does not know yet; false when one was released. */
async function handleAll(
  { db, dispatcher, tryAlone }: ReplayOptions,
  partition: Partition,
  replay: OpenReplay,
  events: readonly ArchivedEvent[],
): Promise<boolean> {
  const known = await findKnown(
    db,
    events.map(({ id }) => id),
  );
  const missing = events.filter(({ id }) => !known.has(id));
  const how = { isReplay: replay.mode !== 'refill' };
  const deliveries = missing.map((event) => deliveryOf(partition.stream, event));
  if (await beginPage(db, replay)) {
    await tryAlone(partition, deliveries, how);
    return true;
  }
  const settled = await Promise.all(
    deliveries.map((delivery) => dispatcher.addArchived(partition, delivery, how)),
  );
  return !settled.includes(false);
}

function deliveryOf(stream: string, event: ArchivedEvent): Delivery {
  const { id, type, key, body, streamId, cursor } = event;
  return {
    stream,
    entryId: streamId ?? `archive ${cursor}`,
    fields: {
      [ENTRY_FIELDS.id]: id,
      [ENTRY_FIELDS.type]: type,
      [ENTRY_FIELDS.key]: key,
      [ENTRY_FIELDS.event]: body,
    },
  };
}

import type { Broker } from './broker';
import { compareIds, idTimeMs, ID_ZERO } from './entry-id';
import { countPending } from './stream-commands';
import { groupInfo, streamInfo } from './stream-info';

/** More entries than this are not counted one by one. */
const MAX_COUNTED = 10_000;

/** How far a group is behind in one partition. */
export interface PartitionLag {
  readonly stream: string;
  /** Entries not yet given to the group; null when there are too many to count. */
  readonly entries: number | null;
  /** Between the newest entry and the newest that was given to the group. */
  readonly seconds: number;
  /** Given, and not settled. */
  readonly pending: number;
  /** How long ago the oldest of those was appended; null when there is none. */
  readonly oldestPendingSeconds: number | null;
}

/** How far the group is behind in a stream. One that has no group there yet is behind from 0. */
export async function measureLag(
  broker: Broker,
  stream: string,
  group: string,
): Promise<PartitionLag> {
  const info = await streamInfo(broker, stream);
  if (!info) return { stream, entries: 0, seconds: 0, pending: 0, oldestPendingSeconds: null };
  const known = await groupInfo(broker, stream, group);
  const delivered = known?.lastDeliveredId ?? ID_ZERO;
  const isBehind = compareIds(info.lastId, delivered) > 0;
  // What was given last may have been removed since: then it is as old as the oldest that is left.
  const from = info.firstId && compareIds(info.firstId, delivered) > 0 ? info.firstId : delivered;
  const pending = known ? await countPending(broker, stream, group) : { total: 0, firstId: null };
  return {
    stream,
    entries: isBehind ? await countAfter(broker, stream, delivered) : 0,
    seconds: isBehind ? Math.max(idTimeMs(info.lastId) - idTimeMs(from), 0) / 1000 : 0,
    pending: pending.total,
    oldestPendingSeconds:
      pending.firstId === null ? null : Math.max(Date.now() - idTimeMs(pending.firstId), 0) / 1000,
  };
}

/** Counted, because the server's own number is wrong or missing once entries were removed. */
async function countAfter(broker: Broker, stream: string, id: string): Promise<number | null> {
  const entries = (await broker.send(stream, [
    ...['XRANGE', stream, `(${id}`, '+', 'COUNT', String(MAX_COUNTED)],
  ])) as unknown[];
  return entries.length < MAX_COUNTED ? entries.length : null;
}

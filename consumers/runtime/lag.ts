import type { Broker } from './broker';
import { compareIds, idTimeMs, ID_ZERO } from './entry-id';
import { countPending } from './stream-commands';
import { groupInfo, streamInfo, type GroupInfo, type StreamInfo } from './stream-info';

/** More entries than this are not counted one by one. */
const MAX_COUNTED = 10_000;

/** How far a group is behind in one partition. */
export interface PartitionLag {
  readonly stream: string;
  /** Entries not yet given to the group; null when there are too many to count. */
  readonly entries: number | null;
  /** How long ago the oldest entry was appended that was not given to the group yet; 0 when all were. */
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
  maxCounted = MAX_COUNTED,
): Promise<PartitionLag> {
  const info = await streamInfo(broker, stream);
  if (!info) return { stream, entries: 0, seconds: 0, pending: 0, oldestPendingSeconds: null };
  const known = await groupInfo(broker, stream, group);
  const delivered = known?.lastDeliveredId ?? ID_ZERO;
  const isBehind = compareIds(info.lastId, delivered) > 0;
  const pending = known ? await countPending(broker, stream, group) : { total: 0, firstId: null };
  return {
    stream,
    entries: isBehind ? await entriesAfter(broker, stream, { info, known, maxCounted }) : 0,
    seconds: isBehind ? await ageOfNext(broker, stream, delivered) : 0,
    pending: pending.total,
    oldestPendingSeconds:
      pending.firstId === null ? null : Math.max(Date.now() - idTimeMs(pending.firstId), 0) / 1000,
  };
}

/** 0 when it was removed meanwhile: then there is none. */
async function ageOfNext(broker: Broker, stream: string, delivered: string): Promise<number> {
  const [next] = (await broker.send(stream, [
    ...['XRANGE', stream, `(${delivered}`, '+', 'COUNT', '1'],
  ])) as [id: string][];
  return next ? Math.max(Date.now() - idTimeMs(next[0]), 0) / 1000 : 0;
}

interface Counting {
  readonly info: StreamInfo;
  readonly known: GroupInfo | undefined;
  readonly maxCounted: number;
}

/** The server's own number is right while nothing was removed that the group has not been given. */
async function entriesAfter(
  broker: Broker,
  stream: string,
  { info, known, maxCounted }: Counting,
): Promise<number | null> {
  const delivered = known?.lastDeliveredId ?? ID_ZERO;
  const isWhole =
    known !== undefined &&
    (info.removed === 0 || (info.firstId !== null && compareIds(info.firstId, delivered) <= 0)) &&
    compareIds(info.maxDeletedId, delivered) <= 0;
  if (isWhole && known.lag !== null) return known.lag;
  return countBetween(broker, stream, delivered, '+', maxCounted);
}

/** A script, because only their number is wanted. */
const COUNT_BETWEEN = "return #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[2], 'COUNT', ARGV[3])";

/** How many entries there are after `id`, up to `last`; null when there are too many to count. */
export async function countBetween(
  broker: Broker,
  stream: string,
  id: string,
  last: string,
  maxCounted = MAX_COUNTED,
): Promise<number | null> {
  const range = [`(${id}`, last, String(maxCounted)];
  const count = Number(await broker.send(stream, ['EVAL', COUNT_BETWEEN, '1', stream, ...range]));
  return count < maxCounted ? count : null;
}

import type { Delivery } from '../../db/consumers/inbox';
import type { Broker, StreamReader } from './broker';
import { compareIds, ID_ZERO } from './entry-id';
import { streamInfo } from './stream-info';

/** One consumer group, as one of its members talks to it. */
export interface GroupMember {
  readonly group: string;
  readonly member: string;
}

/** Pending entries are swept by so many. */
const SWEEP_COUNT = 256;

/**
 * Makes the group where it is missing, also where the stream is: after `position`, up to which
 * everything is settled, or from the beginning when the stream is younger than that. Never from its
 * end. Returns where it begins when it was missing.
 */
export async function ensureGroup(
  broker: Broker,
  stream: string,
  group: string,
  position: string,
): Promise<string | undefined> {
  const info = await streamInfo(broker, stream);
  const isReached = compareIds(info?.lastId ?? ID_ZERO, position) >= 0;
  const start = isReached ? position : ID_ZERO;
  // What was removed before there was a group is nothing that it misses.
  const read = start === ID_ZERO ? ['ENTRIESREAD', String(info?.removed ?? 0)] : [];
  try {
    await broker.send(stream, ['XGROUP', 'CREATE', stream, group, start, 'MKSTREAM', ...read]);
    return start;
  } catch (error) {
    if (!hasCode(error, 'BUSYGROUP')) throw error;
    return undefined;
  }
}

/** Which entries are read. */
export interface ReadQuery {
  readonly streams: readonly string[];
  /** At most so many of each stream. */
  readonly count: number;
  /** Wait so long for the first; without it, not at all. */
  readonly blockMs?: number | undefined;
}

/** What one stream gave: at least one entry, in their order. */
export interface Given {
  readonly stream: string;
  readonly deliveries: readonly Delivery[];
}

/** New entries of these streams; nothing of those that have none. */
export async function readNew(
  reader: StreamReader,
  { group, member }: GroupMember,
  { streams, count, blockMs }: ReadQuery,
): Promise<Given[]> {
  const reply = (await reader.send(streams[0]!, [
    ...['XREADGROUP', 'GROUP', group, member, 'COUNT', String(count)],
    ...(blockMs === undefined ? [] : ['BLOCK', String(blockMs)]),
    ...['STREAMS', ...streams, ...streams.map(() => '>')],
  ])) as [string, RawEntry[]][] | null;
  return (reply ?? []).map(([stream, entries]) => ({
    stream,
    deliveries: entries.map((raw) => decode(stream, raw)),
  }));
}

/** What a sweep found. */
export interface Swept {
  readonly deliveries: readonly Delivery[];
  /** Pending entries that the stream no longer has: lost, and no longer pending. */
  readonly lostIds: readonly string[];
}

/**
 * Everything that is pending in the partition, whoever has it, is this member's now. Only for the
 * partition's owner: nobody else may be at work on it.
 */
export async function takeAllPending(
  broker: Broker,
  stream: string,
  { group, member }: GroupMember,
): Promise<Swept> {
  const deliveries: Delivery[] = [];
  const lostIds: string[] = [];
  // A page may be empty although there is more: only the cursor tells.
  for (let cursor = ID_ZERO, isFirst = true; isFirst || cursor !== ID_ZERO; isFirst = false) {
    const [next, entries, deleted = []] = (await broker.send(stream, [
      ...['XAUTOCLAIM', stream, group, member, '0', cursor, 'COUNT', String(SWEEP_COUNT)],
    ])) as [string, RawEntry[], string[]?];
    deliveries.push(...entries.map((raw) => decode(stream, raw)));
    lostIds.push(...deleted);
    cursor = next;
  }
  return { deliveries, lostIds };
}

/** How many entries of the group are pending, and with whom. */
export async function countPending(
  broker: Broker,
  stream: string,
  group: string,
): Promise<{ total: number; firstId: string | null }> {
  const [total, firstId] = (await broker.send(stream, ['XPENDING', stream, group])) as [
    number,
    string | null,
  ];
  return { total, firstId };
}

/** Settles deliveries of one stream: the group will not be given them again. */
export async function acknowledge(
  broker: Broker,
  group: string,
  stream: string,
  entryIds: readonly string[],
): Promise<void> {
  await broker.send(stream, ['XACK', stream, group, ...entryIds]);
}

/**
 * Removes a member that has nothing pending. In one script, because a member that is given
 * something in between would lose it.
 */
const FORGET_IDLE_MEMBERS = `
local forgotten = 0
for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if c[4] == 0 and (c[2] == ARGV[2] or c[6] > tonumber(ARGV[3])) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2])
    forgotten = forgotten + 1
  end
end
return forgotten
`;

/** Forgets this member's name, and those unheard of for `minIdleMs`, where nothing is pending. */
export async function forgetMembers(
  broker: Broker,
  stream: string,
  { group, member }: GroupMember,
  minIdleMs: number,
): Promise<void> {
  await broker.send(stream, [
    ...['EVAL', FORGET_IDLE_MEMBERS, '1', stream, group, member, String(minIdleMs)],
  ]);
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && error.message.startsWith(code);
}

type RawEntry = [id: string, fields: string[]];

function decode(stream: string, [entryId, flat]: RawEntry): Delivery {
  const fields: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) fields[flat[i]!] = flat[i + 1]!;
  return { stream, entryId, fields };
}

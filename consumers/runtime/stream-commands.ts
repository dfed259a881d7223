import type { Delivery } from '../../db/consumers/inbox';
import type { Broker, StreamReader } from './broker';
import { compareIds, ID_ZERO } from './entry-id';

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
  const isReached = compareIds(await lastIdOf(broker, stream), position) >= 0;
  const start = isReached ? position : ID_ZERO;
  try {
    await broker.send(stream, ['XGROUP', 'CREATE', stream, group, start, 'MKSTREAM']);
    return start;
  } catch (error) {
    if (!hasCode(error, 'BUSYGROUP')) throw error;
    return undefined;
  }
}

/** The greatest id that the stream has ever given; {@link ID_ZERO} when there is no stream. */
async function lastIdOf(broker: Broker, stream: string): Promise<string> {
  return (await streamInfo(broker, stream))?.lastId ?? ID_ZERO;
}

/** A stream as its server describes it. */
export interface StreamInfo {
  readonly length: number;
  readonly lastId: string;
  /** The greatest id that was deleted by itself; trimming does not count on Redis 7.0. */
  readonly maxDeletedId: string;
  /** Entries that were removed, by whatever means. */
  readonly removed: number;
  readonly firstId: string | null;
}

/** Undefined when there is no such stream. */
export async function streamInfo(broker: Broker, stream: string): Promise<StreamInfo | undefined> {
  try {
    const info = pairs(await broker.send(stream, ['XINFO', 'STREAM', stream]));
    const first = info.get('first-entry') as RawEntry | null;
    return {
      length: Number(info.get('length')),
      lastId: String(info.get('last-generated-id')),
      maxDeletedId: String(info.get('max-deleted-entry-id')),
      removed: Number(info.get('entries-added')) - Number(info.get('length')),
      firstId: first?.[0] ?? null,
    };
  } catch (error) {
    if (isNoSuchKey(error)) return undefined;
    throw error;
  }
}

/** A group as the stream's server describes it. */
export interface GroupInfo {
  readonly name: string;
  readonly pending: number;
  readonly lastDeliveredId: string;
  /** Entries given to the group; null where the server cannot tell, such as when none were yet. */
  readonly entriesRead: number | null;
}

/** The groups of a stream; none when there is no stream. */
export async function groupInfos(broker: Broker, stream: string): Promise<GroupInfo[]> {
  try {
    const groups = (await broker.send(stream, ['XINFO', 'GROUPS', stream])) as unknown[][];
    return groups.map(pairs).map((info) => {
      const read = info.get('entries-read');
      return {
        name: String(info.get('name')),
        pending: Number(info.get('pending')),
        lastDeliveredId: String(info.get('last-delivered-id')),
        entriesRead: read === null || read === undefined ? null : Number(read),
      };
    });
  } catch (error) {
    if (isNoSuchKey(error)) return [];
    throw error;
  }
}

/** Entries that were removed before the group was given them; undefined when there are none. */
export async function findUndeliveredLoss(
  broker: Broker,
  stream: string,
  group: string,
): Promise<{ firstId: string; lastId: string } | undefined> {
  const info = await streamInfo(broker, stream);
  const groups = info ? await groupInfos(broker, stream) : [];
  const known = groups.find(({ name }) => name === group);
  if (!info || !known) return undefined;
  const delivered = known.lastDeliveredId;
  const next = info.firstId ?? info.lastId;
  // Redis 7.0 does not say what a trim removed: more is gone than was ever read.
  const isFrontGone = compareIds(next, delivered) > 0 && info.removed > (known.entriesRead ?? 0);
  if (isFrontGone) return { firstId: delivered, lastId: next };
  const isOneDeleted = compareIds(info.maxDeletedId, delivered) > 0;
  return isOneDeleted ? { firstId: delivered, lastId: info.maxDeletedId } : undefined;
}

/** New entries of these streams, at most `count` of each; waits up to `blockMs` for the first. */
export async function readNew(
  reader: StreamReader,
  { group, member }: GroupMember,
  { streams, count, blockMs }: { streams: readonly string[]; count: number; blockMs: number },
): Promise<Delivery[]> {
  const reply = (await reader.send(streams[0]!, [
    ...['XREADGROUP', 'GROUP', group, member],
    ...['COUNT', String(count), 'BLOCK', String(blockMs)],
    ...['STREAMS', ...streams, ...streams.map(() => '>')],
  ])) as [string, RawEntry[]][] | null;
  return (reply ?? []).flatMap(([stream, entries]) => entries.map((raw) => decode(stream, raw)));
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

function isNoSuchKey(error: unknown): boolean {
  return error instanceof Error && /no such key/i.test(error.message);
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

function pairs(reply: unknown): Map<string, unknown> {
  const flat = reply as unknown[];
  const map = new Map<string, unknown>();
  for (let i = 0; i + 1 < flat.length; i += 2) map.set(String(flat[i]), flat[i + 1]);
  return map;
}

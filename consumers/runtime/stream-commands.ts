import type { Delivery } from '../../db/inbox';

/** The part of a Redis client that the runtime needs; replies in RESP2's shapes. */
export interface CommandClient {
  sendCommand(args: readonly string[]): Promise<unknown>;
}

/** A delivery that its consumer has not settled for a while. */
export interface StaleDelivery {
  readonly entryId: string;
  /** How often it was delivered, this member's claim not counted. */
  readonly deliveries: number;
}

/** One consumer group, as one of its members talks to it. */
export interface GroupMember {
  readonly group: string;
  readonly member: string;
}

/**
 * Creates the group where it is missing, also where the stream is. From the beginning of the
 * stream, never from its end: what was handled before is found in the inbox, what was not must not
 * be skipped.
 */
export async function ensureGroup(
  redis: CommandClient,
  stream: string,
  group: string,
): Promise<void> {
  try {
    await redis.sendCommand(['XGROUP', 'CREATE', stream, group, '0', 'MKSTREAM']);
  } catch (error) {
    if (!hasCode(error, 'BUSYGROUP')) throw error;
  }
}

/** New entries of these streams, at most `count` of each; waits up to `blockMs` for the first. */
export async function readNew(
  redis: CommandClient,
  { group, member }: GroupMember,
  { streams, count, blockMs }: { streams: readonly string[]; count: number; blockMs: number },
): Promise<Delivery[]> {
  const reply = (await redis.sendCommand([
    ...['XREADGROUP', 'GROUP', group, member],
    ...['COUNT', String(count), 'BLOCK', String(blockMs)],
    ...['STREAMS', ...streams, ...streams.map(() => '>')],
  ])) as [string, RawEntry[]][] | null;
  return (reply ?? []).flatMap(([stream, entries]) => entries.map((raw) => decode(stream, raw)));
}

/** Deliveries that nobody settled for `minIdleMs`; with `member`, only this member's. */
export async function listStale(
  redis: CommandClient,
  stream: string,
  { group, member, minIdleMs, count }: StaleQuery,
): Promise<StaleDelivery[]> {
  const reply = (await redis.sendCommand([
    ...['XPENDING', stream, group, 'IDLE', String(minIdleMs), '-', '+', String(count)],
    ...(member === undefined ? [] : [member]),
  ])) as [string, string, number, number][];
  return reply.map(([entryId, , , deliveries]) => ({ entryId, deliveries }));
}

interface StaleQuery {
  readonly group: string;
  readonly member?: string | undefined;
  readonly minIdleMs: number;
  readonly count: number;
}

/**
 * Takes these deliveries over if they are still stale; those that are not any more are missing.
 * Counts as a delivery, unless `deliveries` says what the count is to stay at.
 */
export async function claim(
  redis: CommandClient,
  stream: string,
  { group, member }: GroupMember,
  { entryIds, minIdleMs, deliveries }: ClaimQuery,
): Promise<Delivery[]> {
  if (entryIds.length === 0) return [];
  const reply = (await redis.sendCommand([
    ...['XCLAIM', stream, group, member, String(minIdleMs), ...entryIds],
    ...(deliveries === undefined ? [] : ['RETRYCOUNT', String(deliveries)]),
  ])) as (RawEntry | null)[];
  return reply.filter((raw) => raw !== null).map((raw) => decode(stream, raw));
}

interface ClaimQuery {
  readonly entryIds: readonly string[];
  readonly minIdleMs: number;
  readonly deliveries?: number;
}

/** Settles a delivery: the group will not be given it again. */
export async function acknowledge(
  redis: CommandClient,
  group: string,
  { stream, entryId }: Delivery,
): Promise<void> {
  await redis.sendCommand(['XACK', stream, group, entryId]);
}

/**
 * Removes members that have nothing pending and were not heard of for ARGV[2] ms. In one script,
 * because a member that is given something in between would lose it.
 */
const FORGET_MEMBERS = `
local forgotten = 0
for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if c[4] == 0 and c[6] > tonumber(ARGV[2]) then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2])
    forgotten = forgotten + 1
  end
end
return forgotten
`;

/** Forgets members of the past; one that still lives and comes back is known again at once. */
export async function forgetMembers(
  redis: CommandClient,
  stream: string,
  group: string,
  minIdleMs: number,
): Promise<void> {
  await redis.sendCommand(['EVAL', FORGET_MEMBERS, '1', stream, group, String(minIdleMs)]);
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

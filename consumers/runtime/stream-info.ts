import type { Broker } from './broker';
import { compareIds } from './entry-id';

/** A stream as its server describes it. */
export interface StreamInfo {
  readonly length: number;
  readonly lastId: string;
  /** The greatest id that was deleted by itself; trimming does not count on Redis 7.0. */
  readonly maxDeletedId: string;
  /** Entries that it ever had. */
  readonly added: number;
  /** Those of them that were removed, by whatever means. */
  readonly removed: number;
  readonly firstId: string | null;
}

/** Undefined when there is no such stream. */
export async function streamInfo(broker: Broker, stream: string): Promise<StreamInfo | undefined> {
  try {
    const info = pairs(await broker.send(stream, ['XINFO', 'STREAM', stream]));
    const first = info.get('first-entry') as [id: string] | null;
    return {
      length: Number(info.get('length')),
      lastId: String(info.get('last-generated-id')),
      maxDeletedId: String(info.get('max-deleted-entry-id')),
      added: Number(info.get('entries-added')),
      removed: Number(info.get('entries-added')) - Number(info.get('length')),
      firstId: first?.[0] ?? null,
    };
  } catch (error) {
    if (isNoSuchKey(error)) return undefined;
    throw error;
  }
}

/** A script, because a cluster's client sends what names no key to any of its servers. */
const SERVER_INFO = "return redis.call('INFO', 'server')";

/** Which server has the stream now: another after a failover, and after a restart. */
export async function serverIdOf(broker: Broker, stream: string): Promise<string> {
  const info = String(await broker.send(stream, ['EVAL', SERVER_INFO, '1', stream]));
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown';
}

/**
 * Whether a stream that a group had read up to `position` may have been lost, with what it had
 * afterwards: one that lost nothing still has that entry, or has been trimmed.
 */
export function mayBeLost(info: StreamInfo | undefined, position: string): boolean {
  if (!info || compareIds(info.lastId, position) < 0) return true;
  const isFirstLater = info.firstId === null || compareIds(info.firstId, position) > 0;
  return isFirstLater && info.removed === 0;
}

/** A group as the stream's server describes it. */
export interface GroupInfo {
  readonly lastDeliveredId: string;
  /** Entries given to the group; null where the server cannot tell, such as when none were yet. */
  readonly entriesRead: number | null;
  /** Entries not given yet, as the server counts: also those that were removed meanwhile. */
  readonly lag: number | null;
}

/** A group of a stream; undefined when there is none, or no stream. */
export async function groupInfo(
  broker: Broker,
  stream: string,
  group: string,
): Promise<GroupInfo | undefined> {
  try {
    const groups = (await broker.send(stream, ['XINFO', 'GROUPS', stream])) as unknown[][];
    const info = groups.map(pairs).find((one) => one.get('name') === group);
    if (!info) return undefined;
    return {
      lastDeliveredId: String(info.get('last-delivered-id')),
      entriesRead: numberOrNull(info.get('entries-read')),
      lag: numberOrNull(info.get('lag')),
    };
  } catch (error) {
    if (isNoSuchKey(error)) return undefined;
    throw error;
  }
}

/** Entries after the first id, up to the last. */
export interface Range {
  readonly firstId: string;
  readonly lastId: string;
}

/** What was removed of what the group was not given yet; undefined when nothing was. */
export function findRemovedAhead(info: StreamInfo, known: GroupInfo): Range | undefined {
  const delivered = known.lastDeliveredId;
  const next = info.firstId ?? info.lastId;
  // Redis 7.0 does not say what a trim removed: more is gone than was ever read.
  const isFrontGone = compareIds(next, delivered) > 0 && info.removed > (known.entriesRead ?? 0);
  if (isFrontGone) return { firstId: delivered, lastId: next };
  const isOneDeleted = compareIds(info.maxDeletedId, delivered) > 0;
  return isOneDeleted ? { firstId: delivered, lastId: info.maxDeletedId } : undefined;
}

function numberOrNull(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function isNoSuchKey(error: unknown): boolean {
  return error instanceof Error && /no such key/i.test(error.message);
}

function pairs(reply: unknown): Map<string, unknown> {
  const flat = reply as unknown[];
  const map = new Map<string, unknown>();
  for (let i = 0; i + 1 < flat.length; i += 2) map.set(String(flat[i]), flat[i + 1]);
  return map;
}

import { createHash } from 'node:crypto';
import { ENTRY_FIELDS } from './envelope';
import {
  partitionOf,
  PUBLISHED_WINDOW_MS,
  publishedKey,
  publishedWindows,
  streamKey,
} from './streams';

/**
 * Appends an event unless its id was appended before.
 * KEYS: stream, ids of this window, ids of the window before (one hash tag).
 * ARGV: event id, hash of the body, how long to keep this window's ids in ms, whether an
 * event that the stream has lost is appended again (1 or 0), the entry's fields…
 * Returns {1, stream id} when appended, {0, stream id of then} when it was there already.
 * Fails with EVTCONFLICT when the same id was appended with another body.
 */
const SCRIPT = `
for i = 2, 3 do
  local seen = redis.call('HGET', KEYS[i], ARGV[1])
  if seen then
    local bar = string.find(seen, '|', 1, true)
    if string.sub(seen, bar + 1) ~= ARGV[2] then
      return redis.error_reply('EVTCONFLICT same id, different body')
    end
    local id = string.sub(seen, 1, bar - 1)
    if ARGV[4] == '0' or #redis.call('XRANGE', KEYS[1], id, id) > 0 then return {0, id} end
    redis.call('HDEL', KEYS[i], ARGV[1])
  end
end
local id = redis.call('XADD', KEYS[1], '*', unpack(ARGV, 5))
redis.call('HSET', KEYS[2], ARGV[1], id .. '|' .. ARGV[2])
if redis.call('PTTL', KEYS[2]) < 0 then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
return {1, id}
`;
const SCRIPT_SHA1 = createHash('sha1').update(SCRIPT).digest('hex');

/** The part of a Redis client that publishing needs. */
export interface ScriptRunner {
  evalSha(sha1: string, call: ScriptCall): Promise<unknown>;
  eval(script: string, call: ScriptCall): Promise<unknown>;
}

interface ScriptCall {
  keys: string[];
  arguments: string[];
}

/** An event in the one text that its journal row keeps. */
export interface PublishableEvent {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  /** Canonical JSON; it must be the same on every try. */
  readonly body: string;
}

/** Where an event stands. */
export interface PublishedEvent {
  readonly partition: number;
  readonly streamId: string;
  /** False when an earlier try had appended it already. */
  readonly appended: boolean;
}

/** The same event id was published with another body: a bug or a forgery, never to be retried. */
export class EventConflict extends Error {
  override readonly name = 'EventConflict';
  constructor(eventId: string, cause: unknown) {
    super(`event ${eventId} was already published with another body`, { cause });
  }
}

/**
 * Appends the event to its partition's stream unless it is there already. Safe to repeat after any
 * unknown outcome. Throws {@link EventConflict}, or the client's error when Redis cannot answer.
 */
export async function publishOnce(
  redis: ScriptRunner,
  event: PublishableEvent,
  { isLostAppendedAgain = false } = {},
): Promise<PublishedEvent> {
  const partition = partitionOf(event.key);
  try {
    const reply = await runScript(redis, scriptCall(event, partition, isLostAppendedAgain));
    const [appended, streamId] = reply as [number, string];
    return { partition, streamId, appended: appended === 1 };
  } catch (error) {
    if (messageOf(error).startsWith('EVTCONFLICT')) throw new EventConflict(event.id, error);
    throw error;
  }
}

function scriptCall(
  event: PublishableEvent,
  partition: number,
  isLostAppendedAgain: boolean,
): ScriptCall {
  const [window, windowBefore] = publishedWindows();
  const bodyHash = createHash('sha256').update(event.body).digest('base64url');
  return {
    keys: [
      streamKey(partition),
      publishedKey(partition, window),
      publishedKey(partition, windowBefore),
    ],
    arguments: [
      event.id,
      bodyHash,
      // Twice the window: this window's ids are still looked up during the whole next one.
      String(2 * PUBLISHED_WINDOW_MS),
      isLostAppendedAgain ? '1' : '0',
      ...[ENTRY_FIELDS.id, event.id],
      ...[ENTRY_FIELDS.type, event.type],
      ...[ENTRY_FIELDS.key, event.key],
      ...[ENTRY_FIELDS.event, event.body],
    ],
  };
}

async function runScript(redis: ScriptRunner, call: ScriptCall): Promise<unknown> {
  try {
    return await redis.evalSha(SCRIPT_SHA1, call);
  } catch (error) {
    if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
    return redis.eval(SCRIPT, call);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

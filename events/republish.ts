import {
  publishOnce,
  type PublishableEvent,
  type PublishedEvent,
  type ScriptRunner,
} from './publish-once';
import { partitionOf, streamKey } from './streams';

/** The part of a Redis client that looking into streams needs. */
export interface StreamReader extends ScriptRunner {
  xRange(key: string, from: string, to: string): Promise<unknown[] | null>;
}

/** Whether the stream still has the entry that the journal says it has. */
export async function isInStream(
  redis: StreamReader,
  { key, streamId }: { key: string; streamId: string },
): Promise<boolean> {
  const entries = await redis.xRange(streamKey(partitionOf(key)), streamId, streamId);
  return (entries?.length ?? 0) > 0;
}

/**
 * Appends an event again that the stream has lost, also when what remembers that it was appended
 * has outlived the stream. One script, so that two who find the loss append it once. Consumers that
 * have handled the event know its id.
 */
export async function republish(
  redis: StreamReader,
  event: PublishableEvent,
): Promise<PublishedEvent> {
  return publishOnce(redis, event, { isLostAppendedAgain: true });
}

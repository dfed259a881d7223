import {
  publishOnce,
  type PublishableEvent,
  type PublishedEvent,
  type ScriptRunner,
} from './publish-once';
import { partitionOf, publishedKey, publishedWindows, streamKey } from './streams';

/** The part of a Redis client that looking into streams needs. */
export interface StreamReader extends ScriptRunner {
  xRange(key: string, from: string, to: string): Promise<unknown[] | null>;
  hDel(key: string, field: string): Promise<unknown>;
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
 * Appends an event again that the stream has lost: what remembers that it was appended is forgotten
 * first, because it may have outlived the stream. Consumers that have handled the event know its id.
 */
export async function republish(
  redis: StreamReader,
  event: PublishableEvent,
): Promise<PublishedEvent> {
  const partition = partitionOf(event.key);
  for (const window of publishedWindows()) {
    await redis.hDel(publishedKey(partition, window), event.id);
  }
  return publishOnce(redis, event);
}

import type { Kysely } from 'kysely';
import {
  findPublishedSince,
  findUnpublished,
  markInStream,
  type OutboxEvent,
} from '../../db/consumers/outbox';
import type { RuntimeSchema } from '../../db/consumers/tables';

/** Follow-up events published in one round. */
const BATCH = 200;

/** What was published longer ago is not looked for after a loss: consumers have had it. */
const LOOK_BACK_MS = 24 * 3_600_000;

/** Appends an event unless it is there already, also again where the stream has lost it. */
export type AppendOnce = (
  event: OutboxEvent,
  options: { readonly isLostAppendedAgain: boolean },
) => Promise<{ readonly streamId: string }>;

/**
 * Publishes the follow-up events of these partitions, in the order in which they were written. What
 * dies in between is published again, and is there already. Returns how many there were.
 */
export async function relayOutbox(
  db: Kysely<RuntimeSchema>,
  append: AppendOnce,
  streams: readonly string[],
): Promise<number> {
  if (streams.length === 0) return 0;
  const events = await findUnpublished(db, streams, BATCH);
  for (const event of events) {
    const { streamId } = await append(event, { isLostAppendedAgain: false });
    await markInStream(db, event.id, streamId);
  }
  return events.length;
}

/** After the stream was lost: appends again what it no longer has. */
export async function refillFromOutbox(
  db: Kysely<RuntimeSchema>,
  append: AppendOnce,
  stream: string,
): Promise<void> {
  const since = new Date(Date.now() - LOOK_BACK_MS);
  for (const event of await findPublishedSince(db, stream, since)) {
    const { streamId } = await append(event, { isLostAppendedAgain: true });
    if (streamId !== event.streamId) await markInStream(db, event.id, streamId);
  }
}

import { sql, type Kysely, type Transaction } from 'kysely';
import type { RuntimeSchema } from './tables';

/** What the members of a group are told when there is a follow-up event to be published. */
export const FOLLOW_UP_WRITTEN = 'follow_up';

/** A follow-up event, in the one text that is published. */
export interface OutboxEvent {
  readonly id: string;
  readonly type: string;
  readonly key: string;
  readonly body: string;
}

/** The number of the next follow-up event of a key, and which one of its name it is. */
export async function nextInOutbox(
  tx: Transaction<RuntimeSchema>,
  key: string,
  type: string,
): Promise<{ sequence: number; occurrence: number; now: Date }> {
  const { rows } = await sql<{ sequence: number; occurrence: number; now: Date }>`
    select coalesce(max(sequence), 0) + 1 as sequence,
           count(*) filter (where event_type = ${type}) + 1 as occurrence, now() as now
    from outbox where key = ${key}`.execute(tx);
  return rows[0]!;
}

/**
 * Writes a follow-up event down, in the transaction of the effect that it tells of; the members of
 * the group, whose name is the schema's, are told when that is committed.
 */
export async function addToOutbox(
  tx: Transaction<RuntimeSchema>,
  event: OutboxEvent & { readonly sequence: number; readonly stream: string },
): Promise<void> {
  const { id, type, key, body, sequence, stream } = event;
  await tx
    .insertInto('outbox')
    .values({ event_id: id, event_type: type, key, body, sequence, stream })
    .execute();
  await sql`select pg_notify('consumers_' || current_schema(), ${FOLLOW_UP_WRITTEN})`.execute(tx);
}

/** Follow-up events that are not published yet, in the order in which they were written for a key. */
export async function findUnpublished(
  db: Kysely<RuntimeSchema>,
  streams: readonly string[],
  limit: number,
): Promise<OutboxEvent[]> {
  return db
    .selectFrom('outbox')
    .select(['event_id as id', 'event_type as type', 'key', 'body'])
    .where('stream_id', 'is', null)
    .where('stream', 'in', [...streams])
    .orderBy('outbox_id')
    .limit(limit)
    .execute();
}

/** Writes down where a follow-up event stands. */
export async function markInStream(
  db: Kysely<RuntimeSchema>,
  eventId: string,
  streamId: string,
): Promise<void> {
  await db
    .updateTable('outbox')
    .set({ stream_id: streamId, published_at: sql<Date>`now()` })
    .where('event_id', '=', eventId)
    .execute();
}

/** Published follow-up events of a stream since then, to be looked for after a loss. */
export async function findPublishedSince(
  db: Kysely<RuntimeSchema>,
  stream: string,
  since: Date,
): Promise<(OutboxEvent & { readonly streamId: string })[]> {
  const rows = await db
    .selectFrom('outbox')
    .select(['event_id as id', 'event_type as type', 'key', 'body', 'stream_id as streamId'])
    .where('stream', '=', stream)
    .where('published_at', '>=', since)
    .orderBy('outbox_id')
    .execute();
  return rows.map((row) => ({ ...row, streamId: row.streamId! }));
}

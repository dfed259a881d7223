import { sql } from 'kysely';
import { canonicalJson } from '../events/canonical-json';
import { buildEvent, type EventContract } from '../events/envelope';
import { ORDER_EVENT_SOURCE } from '../events/order-events';
import type { PublishableEvent, PublishedEvent } from '../events/publish-once';
import type { Database, DatabaseTransaction } from './database';

/** Records a change of the order that is no event. Belongs in the transaction that makes it true. */
export async function recordChange(
  tx: DatabaseTransaction,
  orderId: string,
  name: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  const { journal_sequence } = await tx
    .updateTable('orders.orders')
    .set({ journal_sequence: sql`journal_sequence + 1` })
    .where('order_id', '=', orderId)
    .returning('journal_sequence')
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('orders.journal')
    .values({ order_id: orderId, sequence: journal_sequence, name, detail: JSON.stringify(detail) })
    .execute();
}

/** An event to be recorded. */
export interface EventToRecord<Name extends string, Data> {
  readonly contract: EventContract<Name, Data>;
  readonly orderId: string;
  readonly data: Data;
  readonly causationId?: string;
}

/**
 * Records an event, ready to be published, and returns its id. Belongs in the transaction that
 * makes the fact true. The same event of the same order a second time violates a unique constraint.
 */
export async function recordEvent<Name extends string, Data>(
  tx: DatabaseTransaction,
  { contract, orderId, data, causationId }: EventToRecord<Name, Data>,
): Promise<string> {
  const row = await tx
    .updateTable('orders.orders')
    .set({
      journal_sequence: sql`journal_sequence + 1`,
      event_sequence: sql`event_sequence + 1`,
    })
    .where('order_id', '=', orderId)
    .returning(['journal_sequence', 'event_sequence', 'traceparent', sql<Date>`now()`.as('time')])
    .executeTakeFirstOrThrow();
  const event = buildEvent(contract, ORDER_EVENT_SOURCE, {
    subject: orderId,
    occurrence: 1,
    sequence: row.event_sequence,
    time: row.time,
    data,
    causationId,
    traceparent: row.traceparent ?? undefined,
  });
  await tx
    .insertInto('orders.journal')
    .values({
      order_id: orderId,
      sequence: row.journal_sequence,
      name: contract.name,
      event_id: event.id,
      event_type: event.type,
      event_sequence: row.event_sequence,
      event_body: canonicalJson(event),
    })
    .execute();
  return event.id;
}

/** The event as it is to be published, or undefined when the journal has none of this id. */
export async function findEvent(
  db: Database,
  eventId: string,
): Promise<PublishableEvent | undefined> {
  const row = await db
    .selectFrom('orders.journal')
    .select(['order_id', 'event_type', 'event_body'])
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  if (!row) return undefined;
  return { id: eventId, type: row.event_type!, key: row.order_id, body: row.event_body! };
}

/** Writes down where the event stands in its stream. */
export async function markPublished(
  db: Database,
  eventId: string,
  published: PublishedEvent,
): Promise<void> {
  await db
    .updateTable('orders.journal')
    .set({ stream_id: published.streamId, published_at: sql`now()` })
    .where('event_id', '=', eventId)
    .execute();
}

/** One row of an order's journal. */
export interface JournalEntry {
  readonly sequence: number;
  readonly name: string;
  readonly recordedAt: Date;
  readonly detail: unknown;
  readonly eventId: string | null;
  readonly streamId: string | null;
}

/** The whole journal of an order, oldest first. */
export async function readJournal(db: Database, orderId: string): Promise<JournalEntry[]> {
  const rows = await db
    .selectFrom('orders.journal')
    .select(['sequence', 'name', 'recorded_at', 'detail', 'event_id', 'stream_id'])
    .where('order_id', '=', orderId)
    .orderBy('sequence')
    .execute();
  return rows.map((row) => ({
    sequence: row.sequence,
    name: row.name,
    recordedAt: row.recorded_at,
    detail: row.detail,
    eventId: row.event_id,
    streamId: row.stream_id,
  }));
}

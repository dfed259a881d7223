import { sql, type RawBuilder } from 'kysely';
import { canonicalJson } from '../events/canonical-json';
import { buildEvent, type EventContract } from '../events/envelope';
import { ORDER_EVENT_SOURCE } from '../events/order-events';
import type { PublishableEvent, PublishedEvent } from '../events/publish-once';
import { atHand } from './at-hand';
import { batched } from './batched';
import type { Database, DatabaseTransaction } from './database';

/** Records a change of the order that is no event. Belongs in the transaction that makes it true. */
export async function recordChange(
  tx: DatabaseTransaction,
  orderId: string,
  name: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await sql`
    with turn as (
      update orders.orders set journal_sequence = journal_sequence + 1
      where order_id = ${orderId} returning journal_sequence)
    insert into orders.journal (order_id, sequence, name, detail)
    select ${orderId}, journal_sequence, ${name}, ${JSON.stringify(detail)}::jsonb from turn`.execute(
    tx,
  );
}

/** Where an order's journal stands, read before an event is written on top of it. */
export interface JournalPosition {
  readonly journalSequence: number;
  readonly eventSequence: number;
  readonly traceparent: string | null;
  readonly tenant: string;
  /** By the clock of the database, when this was read. */
  readonly now: Date;
  /** The same moment by our own clock, in milliseconds of `performance.now()`. */
  readonly readAt: number;
}

/** The columns of a position, from a row of the order and the clock. */
export interface PositionRecord {
  readonly journal_sequence: number;
  readonly event_sequence: number;
  readonly traceparent: string | null;
  readonly tenant: string;
  readonly now: Date;
}

/** The position that a statement just read. */
export function positionOf(row: PositionRecord): JournalPosition {
  return {
    journalSequence: row.journal_sequence,
    eventSequence: row.event_sequence,
    traceparent: row.traceparent,
    tenant: row.tenant,
    now: row.now,
    readAt: performance.now(),
  };
}

/** Where this process last saw an order's journal. */
export const positionsAtHand = atHand<JournalPosition>();

/** An event to be recorded. */
export interface EventToRecord<Name extends string, Data> {
  readonly contract: EventContract<Name, Data>;
  readonly orderId: string;
  readonly data: Data;
  readonly causationId?: string;
}

/** An event as its journal row has it, and the statement's part that writes the row. */
export interface JournalEvent extends PublishableEvent {
  /**
   * An INSERT that belongs in the statement that makes the fact true, as a CTE; `source` is a CTE
   * of that statement that has one row if the fact came true, else none.
   */
  readonly insert: (source: string) => RawBuilder<unknown>;
}

/** Builds the event that is next after `position`. The same event twice violates a constraint. */
export function nextEvent<Name extends string, Data>(
  position: JournalPosition,
  { contract, orderId, data, causationId }: EventToRecord<Name, Data>,
): JournalEvent {
  const sequence = position.eventSequence + 1;
  const event = buildEvent(contract, ORDER_EVENT_SOURCE, {
    subject: orderId,
    occurrence: 1,
    sequence,
    time: timeNow(position),
    data,
    causationId,
    traceparent: position.traceparent ?? undefined,
    tenant: position.tenant,
  });
  const body = canonicalJson(event);
  return {
    ...{ id: event.id, type: event.type, key: orderId, body },
    insert: (source) => sql`
      insert into orders.journal
        (order_id, sequence, name, event_id, event_type, event_sequence, event_body)
      select ${orderId}, ${position.journalSequence + 1}::integer, ${contract.name}, ${event.id},
             ${event.type}, ${sequence}::integer, ${body} from ${sql.raw(source)}`,
  };
}

/** What the clock of the database says now. */
function timeNow({ now, readAt }: JournalPosition): Date {
  return new Date(now.getTime() + performance.now() - readAt);
}

/** Where the journal stands after its next event. */
export function afterNextEvent(position: JournalPosition): JournalPosition {
  const { journalSequence, eventSequence } = position;
  return { ...position, journalSequence: journalSequence + 1, eventSequence: eventSequence + 1 };
}

/** The part of an UPDATE of the order that moves its journal on by the next event. */
export function advanceJournal({ journalSequence, eventSequence }: JournalPosition) {
  return {
    set: sql`journal_sequence = ${journalSequence + 1}::integer,
             event_sequence = ${eventSequence + 1}::integer, updated_at = now()`,
    // Whoever wrote in between has taken the number: read again.
    where: sql`journal_sequence = ${journalSequence} and event_sequence = ${eventSequence}`,
  };
}

/** Events that were recorded here and are published next: a row of the journal never changes. */
export const eventsAtHand = atHand<PublishableEvent>();

/** The event as it is to be published, or undefined when the journal has none of this id. */
export async function findEvent(
  db: Database,
  eventId: string,
): Promise<PublishableEvent | undefined> {
  const recorded = eventsAtHand.take(db, eventId);
  if (recorded) return recorded;
  const row = await db
    .selectFrom('orders.journal')
    .select(['order_id', 'event_type', 'event_body'])
    .where('event_id', '=', eventId)
    .executeTakeFirst();
  if (!row) return undefined;
  return { id: eventId, type: row.event_type!, key: row.order_id, body: row.event_body! };
}

interface Mark {
  readonly eventId: string;
  readonly streamId: string;
}

/** Where each pool gathers its marks. */
const marks = new WeakMap<Database, (mark: Mark) => Promise<void>>();

/** Writes down where the event stands in its stream. */
export async function markPublished(
  db: Database,
  eventId: string,
  { streamId }: PublishedEvent,
): Promise<void> {
  let mark = marks.get(db);
  if (!mark) marks.set(db, (mark = batched((batch) => writeMarks(db, batch))));
  await mark({ eventId, streamId });
}

async function writeMarks(db: Database, batch: readonly Mark[]): Promise<void> {
  await sql`
    update orders.journal set stream_id = mark."streamId", published_at = now()
    from jsonb_to_recordset(${JSON.stringify(batch)}::jsonb)
      as mark ("eventId" text, "streamId" text)
    where event_id = mark."eventId"`.execute(db);
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

import { sql, type ColumnType, type Kysely, type Transaction } from 'kysely';
import { storableText } from './storable-text';

type SetByDatabase<T> = ColumnType<T, never, never>;

/** An event that a consumer has handled. */
interface InboxRow {
  event_id: string;
  event_type: string;
  effect: unknown;
  handled_at: SetByDatabase<Date>;
}

/** A delivery that failed and waits for its next attempt, out of the stream. */
interface ParkedRow {
  stream: string;
  entry_id: string;
  fields: string;
  attempts: number;
  last_error: string;
  parked_at: SetByDatabase<Date>;
  due_at: Date;
}

/** Why a delivery was given up. */
export type DeadLetterReason = 'undecodable' | 'attempts_exhausted' | 'crashes_exhausted';

interface DeadLetterRow {
  dead_letter_id: SetByDatabase<number>;
  stream: string;
  entry_id: string;
  fields: string;
  reason: DeadLetterReason;
  attempts: number;
  error: string;
  died_at: SetByDatabase<Date>;
}

/** The tables that the runtime keeps in every consumer's schema. */
export interface InboxSchema {
  inbox: InboxRow;
  parked: ParkedRow;
  dead_letters: DeadLetterRow;
}

/** Enough for a message and the frames of our own code. */
const MAX_ERROR_LENGTH = 2_000;

/** The same tables as SQL; the search path says whose they are. */
export const INBOX_TABLES = `
  create table inbox (
    event_id text primary key,
    event_type text not null,
    -- what the reaction did, in its own words
    effect jsonb,
    handled_at timestamptz not null default now()
  );

  create table parked (
    stream text not null,
    entry_id text not null,
    -- the entry's fields as JSON, unchanged
    fields text not null,
    attempts integer not null check (attempts > 0),
    last_error text not null,
    parked_at timestamptz not null default now(),
    due_at timestamptz not null,
    primary key (stream, entry_id)
  );
  create index parked_due on parked (due_at);

  create table dead_letters (
    dead_letter_id bigint generated always as identity primary key,
    stream text not null,
    entry_id text not null,
    fields text not null,
    reason text not null
      check (reason in ('undecodable', 'attempts_exhausted', 'crashes_exhausted')),
    attempts integer not null,
    error text not null,
    died_at timestamptz not null default now(),
    unique (stream, entry_id)
  );
`;

/** A delivery: an entry of a stream, its fields as they came. */
export interface Delivery {
  readonly stream: string;
  readonly entryId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** A delivery that failed before. */
export interface ParkedDelivery extends Delivery {
  /** Which attempt begins now: counted before it begins, so that one that ends its process counts. */
  readonly attempt: number;
}

/**
 * Claims the event for the effect of this transaction. False when it was handled before; while a
 * twin is handling it, waits for the twin's end.
 */
export async function claimEvent(
  tx: Transaction<InboxSchema>,
  event: { id: string; type: string },
): Promise<boolean> {
  const claimed = await tx
    .insertInto('inbox')
    .values({ event_id: event.id, event_type: event.type, effect: null })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  return claimed !== undefined;
}

/** Writes down what the reaction did. */
export async function recordEffect(
  tx: Transaction<InboxSchema>,
  eventId: string,
  effect: unknown,
): Promise<void> {
  await tx
    .updateTable('inbox')
    .set({ effect: JSON.stringify(effect) })
    .where('event_id', '=', eventId)
    .execute();
}

/** Keeps a failed delivery until `dueInMs` from now; `attempts` have been begun. */
export async function park(
  db: Kysely<InboxSchema>,
  delivery: Delivery,
  { error, dueInMs, attempts }: { error: string; dueInMs: number; attempts: number },
): Promise<void> {
  const due = sql<Date>`now() + make_interval(secs => ${dueInMs / 1000})`;
  await db
    .insertInto('parked')
    .values({
      stream: delivery.stream,
      entry_id: delivery.entryId,
      fields: JSON.stringify(delivery.fields),
      attempts,
      last_error: storableText(error, MAX_ERROR_LENGTH),
      due_at: due,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['stream', 'entry_id'])
        .doUpdateSet({ attempts, last_error: storableText(error, MAX_ERROR_LENGTH), due_at: due }),
    )
    .execute();
}

/**
 * Takes up to `limit` deliveries that are due, counts the attempt that begins, and puts them off
 * meanwhile, so that no other member has them.
 */
export async function takeDueParked(
  db: Kysely<InboxSchema>,
  { limit, putOffMs }: { limit: number; putOffMs: number },
): Promise<ParkedDelivery[]> {
  const { rows } = await sql<{
    stream: string;
    entry_id: string;
    fields: string;
    attempts: number;
  }>`
    update parked
    set attempts = attempts + 1, due_at = now() + make_interval(secs => ${putOffMs / 1000})
    where (stream, entry_id) in (
      select stream, entry_id from parked where due_at <= now()
      order by due_at limit ${limit} for update skip locked)
    returning stream, entry_id, fields, attempts`.execute(db);
  return rows.map((row) => ({
    stream: row.stream,
    entryId: row.entry_id,
    fields: JSON.parse(row.fields) as Record<string, string>,
    attempt: row.attempts,
  }));
}

/** Forgets a parked delivery: it was handled. */
export async function unpark(db: Kysely<InboxSchema>, delivery: Delivery): Promise<void> {
  await db
    .deleteFrom('parked')
    .where('stream', '=', delivery.stream)
    .where('entry_id', '=', delivery.entryId)
    .execute();
}

/** Gives a delivery up: it is kept with its cause, and no longer parked. Safe to repeat. */
export async function giveUp(
  db: Kysely<InboxSchema>,
  delivery: Delivery,
  cause: { reason: DeadLetterReason; error: string; attempts: number },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('dead_letters')
      .values({
        stream: delivery.stream,
        entry_id: delivery.entryId,
        fields: JSON.stringify(delivery.fields),
        ...cause,
        error: storableText(cause.error, MAX_ERROR_LENGTH),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    await unpark(tx, delivery);
  });
}

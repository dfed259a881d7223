import { sql, type Kysely, type Transaction } from 'kysely';
import { PLANNED_EACH_TIME } from '../database';
import { storableText } from '../storable-text';
import { eventIdOf, type Delivery } from './inbox';
import type { FailedAttempt, RuntimeSchema } from './tables';

/** Enough for a message and the frames of our own code. */
export const MAX_ERROR_LENGTH = 2_000;

/** How many failed attempts a delivery remembers: the latest, a retry budget fits. */
const MAX_HISTORY = 40;

/** A delivery that waits out of the stream, and what became of it so far. */
export interface ParkedDelivery extends Delivery {
  readonly parkedId: number;
  readonly key: string;
  /** Attempts that failed. */
  readonly attempts: number;
  /** Begun since the last failure, this time included. */
  readonly starts: number;
  readonly history: readonly FailedAttempt[];
  readonly parkedAt: Date;
  readonly deadLetterId: number | null;
  readonly isReplay: boolean;
}

/** What parking writes. */
export interface Parking {
  readonly key: string;
  readonly attempts: number;
  readonly history: readonly FailedAttempt[];
  readonly dueInMs: number;
  readonly isReplay: boolean;
}

/**
 * Parks a delivery, or parks it anew; one that is there already keeps its place in its key. An event
 * that is parked under another entry, because a stream has lost it and was given it again, is left
 * as it is.
 */
export async function park(
  tx: Transaction<RuntimeSchema>,
  delivery: Delivery,
  { key, attempts, history, dueInMs, isReplay }: Parking,
): Promise<void> {
  const eventId = eventIdOf(delivery);
  if (await isParkedElsewhere(tx, eventId, delivery)) return;
  const due = sql<Date>`now() + make_interval(secs => ${dueInMs / 1000})`;
  const lastError = history.at(-1)?.message ?? null;
  const failed = {
    attempts,
    starts: 0,
    last_error: lastError === null ? null : storableText(lastError, MAX_ERROR_LENGTH),
    history: historyText(history),
    due_at: due,
  };
  const { starts, ...first } = failed;
  await tx
    .insertInto('parked')
    .values({
      stream: delivery.stream,
      entry_id: delivery.entryId,
      fields: JSON.stringify(delivery.fields),
      key,
      event_id: eventId,
      dead_letter_id: null,
      is_replay: isReplay,
      ...first,
    })
    .onConflict((conflict) =>
      conflict.columns(['stream', 'entry_id']).doUpdateSet({ ...first, starts }),
    )
    .execute();
}

async function isParkedElsewhere(
  tx: Transaction<RuntimeSchema>,
  eventId: string,
  { stream, entryId }: Delivery,
): Promise<boolean> {
  if (eventId === '') return false;
  const { rows } = await sql`
    select from parked
    where event_id = ${eventId} and (stream, entry_id) <> (${stream}, ${entryId}) limit 1`.execute(
    tx,
  );
  return rows.length > 0;
}

/**
 * Parks a delivery behind one of its key that is parked. One that is parked itself, and came again
 * because its acknowledgement was lost, is left as it is.
 */
export async function parkBehind(
  tx: Transaction<RuntimeSchema>,
  delivery: Delivery,
  { key, isReplay }: Pick<Parking, 'key' | 'isReplay'>,
): Promise<void> {
  const known = await tx
    .selectFrom('parked')
    .select('parked_id')
    .where('stream', '=', delivery.stream)
    .where('entry_id', '=', delivery.entryId)
    .executeTakeFirst();
  if (known) return;
  await park(tx, delivery, { key, isReplay, attempts: 0, history: [], dueInMs: 0 });
}

/** Keeps what was tried as it may be stored. */
export function historyText(history: readonly FailedAttempt[]): string {
  return storableJson(history.slice(-MAX_HISTORY));
}

function storableJson(value: unknown): string {
  // jsonb refuses NUL, also escaped.
  return JSON.stringify(value).replaceAll('\\u0000', '\u2400');
}

interface ParkedRecord {
  parked_id: number;
  stream: string;
  entry_id: string;
  fields: string;
  key: string;
  attempts: number;
  starts: number;
  history: FailedAttempt[];
  parked_at: Date;
  dead_letter_id: number | null;
  is_replay: boolean;
}

/**
 * Takes up to `limit` parked deliveries of these partitions that are due, the oldest of its key each
 * where `isInOrder`, and counts that they begin. Of those that were begun before and never settled
 * it takes no more than `suspects`. Only who owns the partitions may call it.
 */
export async function takeDueParked(
  db: Kysely<RuntimeSchema>,
  { streams, limit, suspects, isInOrder, except }: TakeParked,
): Promise<ParkedDelivery[]> {
  const isDue = dueFor(isInOrder, except);
  // Of each partition what an index has first; with the others of a key only where they may pass it.
  const { rows } = await sql<ParkedRecord>`${PLANNED_EACH_TIME}
    with due as (
      select stream, entry_id
      from unnest(${streams}::text[]) as held (stream)
      cross join unnest(${isInOrder ? [false] : [false, true]}::boolean[]) as place (is_behind)
      cross join lateral (
        select entry_id, due_at, parked_id from parked
        where parked.stream = held.stream and parked.is_behind = place.is_behind
          and starts = 0 and ${isDue}
        order by due_at, parked_id limit ${limit}) as first
      order by due_at, parked_id limit ${limit}
    ), suspect as (
      select stream, entry_id from parked
      where starts > 0 and stream = any(${streams}::text[]) and ${isDue}
      order by due_at, parked_id limit ${suspects}
    )
    update parked set starts = starts + 1
    where (stream, entry_id) in (table due union all table suspect)
    returning parked_id, stream, entry_id, fields, key, attempts, starts, history, parked_at,
              dead_letter_id, is_replay`.execute(db);
  return rows
    .sort((a, b) => a.parked_id - b.parked_id)
    .map((row) => ({
      parkedId: row.parked_id,
      stream: row.stream,
      entryId: row.entry_id,
      fields: JSON.parse(row.fields) as Record<string, string>,
      key: row.key,
      attempts: row.attempts,
      starts: row.starts,
      history: row.history,
      parkedAt: row.parked_at,
      deadLetterId: row.dead_letter_id,
      isReplay: row.is_replay,
    }));
}

/** Its time has come, it is not under way, and it is the first of its key where that matters. */
function dueFor(isInOrder: boolean, except: readonly number[]) {
  // Two that were parked at the same moment may neither be behind the other.
  return sql`due_at <= now() and not parked_id = any(${except}::bigint[])
    and (not ${isInOrder}::boolean or key = '' or not exists (
      select from parked as earlier
      where earlier.key = parked.key and earlier.parked_id < parked.parked_id))`;
}

interface TakeParked {
  readonly streams: readonly string[];
  readonly limit: number;
  readonly suspects: number;
  readonly isInOrder: boolean;
  /** Those that are under way already. */
  readonly except: readonly number[];
}

/** Says that a delivery that was taken has not begun. */
export async function returnParked(db: Kysely<RuntimeSchema>, parkedId: number): Promise<void> {
  await sql`
    update parked set starts = starts - 1
    where parked_id = ${parkedId} and starts > 0`.execute(db);
}

/** Says that a delivery that is under way has ended nobody so far. */
export async function forgetParkedStarts(
  db: Kysely<RuntimeSchema>,
  parkedId: number,
): Promise<void> {
  await sql`update parked set starts = 1 where parked_id = ${parkedId} and starts > 1`.execute(db);
}

/** The keys of this partition that have something parked. */
export async function findHeldKeys(db: Kysely<RuntimeSchema>, stream: string): Promise<string[]> {
  const rows = await db
    .selectFrom('parked')
    .select('key')
    .distinct()
    .where('stream', '=', stream)
    .where('key', '!=', '')
    .execute();
  return rows.map(({ key }) => key);
}

/** Whether anything of this key is parked. */
export async function isKeyParked(tx: Transaction<RuntimeSchema>, key: string): Promise<boolean> {
  const row = await tx
    .selectFrom('parked')
    .select('parked_id')
    .where('key', '=', key)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** Forgets a parked delivery: it is settled. */
export async function unpark(tx: Transaction<RuntimeSchema>, delivery: Delivery): Promise<void> {
  await tx
    .deleteFrom('parked')
    .where('stream', '=', delivery.stream)
    .where('entry_id', '=', delivery.entryId)
    .execute();
}

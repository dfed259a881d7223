import { sql, type Kysely, type Transaction } from 'kysely';
import { ENTRY_FIELDS } from '../../events/envelope';
import { storableText } from '../storable-text';
import type { RuntimeSchema } from './tables';

/** A delivery: an entry of a stream, its fields as they came. */
export interface Delivery {
  readonly stream: string;
  readonly entryId: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** An id or a key of anyone's making is kept and looked up so far: a row of an index has its limit. */
const MAX_ID_LENGTH = 500;

/** The event's id as the entry says it, in a form that can be kept; '' where it does not. */
export function eventIdOf({ fields }: Delivery): string {
  return storableText(fields[ENTRY_FIELDS.id] ?? '', MAX_ID_LENGTH);
}

/** Whose events wait for each other, in a form that can be kept; '' where the entry does not say. */
export function keyOf({ fields }: Delivery): string {
  return storableText(fields[ENTRY_FIELDS.key] ?? '', MAX_ID_LENGTH);
}

/** A partition and the number under which somebody owns it. */
export interface Ownership {
  readonly stream: string;
  readonly token: number;
}

/** The partition has another owner: whatever was to be written must not be. */
export class Fenced extends Error {
  override readonly name = 'Fenced';
  constructor(stream: string) {
    super(`${stream} has another owner`);
  }
}

/**
 * Throws {@link Fenced} unless the partition is still owned under this number, and keeps it so until
 * the transaction ends: who takes it over waits for that, and PostgreSQL ends a transaction that
 * idles for longer than a lease.
 */
export async function requireOwnership(
  tx: Transaction<RuntimeSchema>,
  { stream, token }: Ownership,
): Promise<void> {
  const { rows } = await sql`
    select 1 from partitions where stream = ${stream} and token = ${token} for share`.execute(tx);
  if (rows.length === 0) throw new Fenced(stream);
}

/**
 * Marks events as handled, in the transaction of their effects. Returns the ids of those that were
 * not marked yet, nor given up: only their effects may be written. A twin still under way is waited for. Throws
 * {@link Fenced} when the partition has another owner.
 */
export async function claimEvents(
  tx: Transaction<RuntimeSchema>,
  { stream, token }: Ownership,
  events: readonly { readonly id: string; readonly type: string }[],
): Promise<Set<string>> {
  const ids = events.map(({ id }) => id);
  const types = events.map(({ type }) => type);
  const { rows } = await sql<{ is_owned: boolean; claimed: string[] | null }>`
    with fence as (
      select 1 from partitions where stream = ${stream} and token = ${token} for share),
    claimed as (
      insert into inbox (event_id, event_type)
      select id, type from unnest(${ids}::text[], ${types}::text[]) as event (id, type)
      where exists (select from fence)
        -- one that is given up waits for a redrive, however it comes again
        and not exists (
          select from dead_letters as dead
          where dead.event_id = event.id and dead.state in ('dead', 'discarded'))
      on conflict do nothing returning event_id)
    select exists (select from fence) as is_owned,
           -- of many that are all new, the ids need not come back
           (select case when count(*) < ${ids.length} then coalesce(array_agg(event_id), '{}') end
            from claimed) as claimed`.execute(tx);
  const row = rows[0]!;
  if (!row.is_owned) throw new Fenced(stream);
  return new Set(row.claimed ?? ids);
}

/** Which of these events the group knows already: handled, parked, or given up. */
export async function findKnown(
  db: Kysely<RuntimeSchema>,
  eventIds: readonly string[],
): Promise<Set<string>> {
  if (eventIds.length === 0) return new Set();
  const { rows } = await sql<{ event_id: string }>`
    select event_id from unnest(${eventIds}::text[]) as asked (event_id)
    where exists (select from inbox where inbox.event_id = asked.event_id)
       or exists (select from parked where parked.event_id = asked.event_id)
       or exists (select from dead_letters as dead
                  where dead.event_id = asked.event_id and state <> 'redriven')`.execute(db);
  return new Set(rows.map(({ event_id }) => event_id));
}

/**
 * Writes down what the reactions did, by event id. Asks the database even when there is nothing to
 * write: after an error that a reaction has swallowed, COMMIT takes everything back without a word
 * (postgresql.org/docs, "COMMIT"), and any statement says so.
 */
export async function recordEffects(
  tx: Transaction<RuntimeSchema>,
  effects: ReadonlyMap<string, unknown>,
): Promise<void> {
  if (effects.size === 0) {
    await sql`select 1`.execute(tx);
    return;
  }
  const texts = [...effects.values()].map((effect) => JSON.stringify(effect));
  // By the index, whatever was planned while the table was small: an UPDATE would read all of it.
  await sql`
    insert into inbox (event_id, event_type, effect)
    select event_id, '', effect::jsonb
    from unnest(${[...effects.keys()]}::text[], ${texts}::text[]) as done (event_id, effect)
    on conflict (event_id) do update set effect = excluded.effect`.execute(tx);
}

/** Marks an event as handled without handling it; false when it was handled before. */
export async function skipEvent(
  tx: Transaction<RuntimeSchema>,
  event: { readonly id: string; readonly type: string },
  effect: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('inbox')
    .values({ event_id: event.id, event_type: event.type, effect: JSON.stringify(effect) })
    .onConflict((conflict) => conflict.doNothing())
    .returning('event_id')
    .executeTakeFirst();
  return inserted !== undefined;
}

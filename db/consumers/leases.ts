import { sql, type Kysely } from 'kysely';
import type { Ownership } from './inbox';
import type { RuntimeSchema } from './tables';

type Db = Kysely<RuntimeSchema>;

/** A member that was not heard of for so many leases is forgotten. */
const FORGET_AFTER_LEASES = 10;

/** How a member stands among the members of its group. */
export interface Standing {
  /** The partitions whose lease it holds. */
  readonly mine: readonly Ownership[];
  /** Partitions that nobody holds. */
  readonly free: readonly string[];
  /** Members that were heard of within a lease, this one included. */
  readonly members: number;
  readonly isPaused: boolean;
}

/** Makes sure that each partition has its rows. */
export async function registerPartitions(db: Db, streams: readonly string[]): Promise<void> {
  await sql`
    with made as (
      insert into partitions (stream) select unnest(${streams}::text[]) on conflict do nothing)
    select 1`.execute(db);
  await sql`
    insert into leases (stream) select unnest(${streams}::text[]) on conflict do nothing`.execute(
    db,
  );
}

interface RenewLeases {
  readonly member: string;
  readonly leaseMs: number;
  readonly streams: readonly string[];
  /** What the member knows to be its own: another lease of its ends, as one whose owner died. */
  readonly held: readonly string[];
  readonly health: unknown;
}

/** Says that the member lives, renews its leases, and tells how it stands. */
export async function renewLeases(
  db: Db,
  { member, leaseMs, streams, held, health }: RenewLeases,
): Promise<Standing> {
  const lease = sql`make_interval(secs => ${leaseMs / 1000})`;
  const { rows } = await sql<{
    stream: string;
    token: number;
    is_mine: boolean;
    is_free: boolean;
    others: number;
    is_paused: boolean;
  }>`
    with seen as (
      insert into members (member, health) values (${member}, ${JSON.stringify(health)})
      on conflict (member) do update set seen_at = now(), health = excluded.health),
    renewed as (
      update leases set expires_at = now() + ${lease}
      where member = ${member} and stream = any(${held}::text[]) and expires_at > now()
      returning stream),
    forgotten as (
      delete from members
      where seen_at < now() - ${FORGET_AFTER_LEASES} * ${lease} and member <> ${member})
    select stream, token, stream in (select stream from renewed) as is_mine,
           member is null or expires_at <= now() as is_free,
           (select count(*) from members
            where seen_at > now() - ${lease} and member <> ${member}) as others,
           (select paused_at is not null from group_state) as is_paused
    from leases join partitions using (stream)
    where stream = any(${streams}::text[]) order by stream`.execute(db);
  return {
    mine: rows.filter((row) => row.is_mine).map(({ stream, token }) => ({ stream, token })),
    free: rows.filter((row) => row.is_free).map(({ stream }) => stream),
    members: (rows[0]?.others ?? 0) + 1,
    isPaused: rows[0]?.is_paused ?? false,
  };
}

/** A partition that was just taken. */
export interface Taken extends Ownership {
  /** Whether its last owner handed it back; else it died, perhaps of an event. */
  readonly wasHandedBack: boolean;
  readonly position: string;
}

/**
 * Takes a free partition under a new number; undefined when another was faster. Waits for the
 * transactions of the owner before, which PostgreSQL ends.
 */
export async function takeLease(
  db: Db,
  { member, leaseMs, stream }: { member: string; leaseMs: number; stream: string },
): Promise<Taken | undefined> {
  const { rows } = await sql<{ token: number; is_handed_back: boolean; position: string }>`
    with before as (
      select is_handed_back from leases
      where stream = ${stream} and (member is null or expires_at <= now()) for update skip locked),
    taken as (
      update leases set member = ${member}, is_handed_back = false,
             expires_at = now() + make_interval(secs => ${leaseMs / 1000})
      where stream = ${stream} and exists (select from before) returning stream, position)
    update partitions set token = token + 1 from taken, before
    where partitions.stream = taken.stream
    returning token, before.is_handed_back, taken.position`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  const { token, is_handed_back, position } = row;
  return { stream, token, wasHandedBack: is_handed_back, position };
}

/** Hands partitions back, and tells the group so. */
export async function handBackLeases(
  db: Db,
  { member, streams, channel }: { member: string; streams: readonly string[]; channel: string },
): Promise<void> {
  await sql`
    with freed as (
      update leases set member = null, is_handed_back = true
      where member = ${member} and stream = any(${streams}::text[]) returning stream)
    select pg_notify(${channel}, '') from freed limit 1`.execute(db);
}

/** Removes a member that stops, and tells the group so: the share of each of the others is larger now. */
export async function removeMember(db: Db, member: string, channel: string): Promise<void> {
  await sql`
    with gone as (delete from members where member = ${member} returning 1)
    select pg_notify(${channel}, '') from gone`.execute(db);
}

/** Keeps up to which entry everything is settled. */
export async function savePositions(
  db: Db,
  member: string,
  positions: ReadonlyMap<string, string>,
): Promise<void> {
  if (positions.size === 0) return;
  await sql`
    update leases set position = saved.position
    from unnest(${[...positions.keys()]}::text[], ${[...positions.values()]}::text[])
      as saved (stream, position)
    where leases.stream = saved.stream and member = ${member}`.execute(db);
}

/** Counts that a delivery begins that may have ended its last owner; returns how often it did. */
export async function countStart(
  db: Db,
  { stream, entryId }: { stream: string; entryId: string },
): Promise<number> {
  const { rows } = await sql<{ starts: number }>`
    insert into crash_counts (stream, entry_id, starts) values (${stream}, ${entryId}, 1)
    on conflict (stream, entry_id) do update set starts = crash_counts.starts + 1
    returning starts`.execute(db);
  return rows[0]!.starts;
}

/** Takes the last start back: it was handed back, or lost, and ended nobody. */
export async function uncountStart(
  db: Db,
  { stream, entryId }: { stream: string; entryId: string },
): Promise<void> {
  await sql`
    update crash_counts set starts = greatest(starts - 1, 0)
    where stream = ${stream} and entry_id = ${entryId}`.execute(db);
}

/** Forgets those starts: it was settled, and ended nobody. */
export async function forgetStarts(
  db: Db,
  { stream, entryId }: { stream: string; entryId: string },
): Promise<void> {
  await db
    .deleteFrom('crash_counts')
    .where('stream', '=', stream)
    .where('entry_id', '=', entryId)
    .execute();
}

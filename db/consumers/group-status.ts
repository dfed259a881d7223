import { sql, type Kysely } from 'kysely';
import { skipEvent } from './inbox';
import type { RuntimeSchema } from './tables';

type Db = Kysely<RuntimeSchema>;

/** An event that is skipped before it comes has no type yet. */
const TYPE_UNKNOWN = 'unknown';

/** A partition of a group as PostgreSQL knows it. */
export interface PartitionStatus {
  readonly stream: string;
  readonly token: number;
  /** Null when nobody owns it. */
  readonly member: string | null;
  readonly position: string;
  readonly parked: number;
}

/** A group as PostgreSQL knows it. */
export interface GroupStatus {
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly pausedWhy: string | null;
  readonly members: readonly { member: string; startedAt: Date; seenAt: Date; health: unknown }[];
  readonly partitions: readonly PartitionStatus[];
  readonly parked: number;
  readonly oldestParkedAt: Date | null;
  /** Dead letters that want a person. */
  readonly dead: number;
  readonly losses: number;
  readonly unpublished: number;
}

/** How a group stands. */
export async function readGroupStatus(db: Db): Promise<GroupStatus> {
  const { rows } = await sql<Omit<GroupStatus, 'members' | 'partitions'>>`
    select paused_at as "pausedAt", paused_by as "pausedBy", paused_why as "pausedWhy",
      (select count(*) from parked) as parked,
      (select min(parked_at) from parked) as "oldestParkedAt",
      (select count(*) from dead_letters where state = 'dead') as dead,
      (select count(*) from losses) as losses,
      (select count(*) from outbox where stream_id is null) as unpublished
    from group_state`.execute(db);
  const members = await sql<GroupStatus['members'][number]>`
    select member, started_at as "startedAt", seen_at as "seenAt", health from members
    order by started_at`.execute(db);
  const partitions = await sql<PartitionStatus>`
    select stream, token, position, case when expires_at > now() then member end as member,
      (select count(*) from parked where parked.stream = leases.stream) as parked
    from leases join partitions using (stream) order by stream`.execute(db);
  return { ...rows[0]!, members: members.rows, partitions: partitions.rows };
}

/** Forgets how far the group has come, and from which servers; its inbox stays. */
export async function forgetPositions(db: Db): Promise<void> {
  await sql`
    update leases set position = '0-0', server_id = null, began_at = now()`.execute(db);
  await sql`update group_state set is_backfilled = false`.execute(db);
}

/** The group begins nothing more until it is resumed; what has begun ends. */
export async function pauseGroup(
  db: Db,
  { channel, by, why }: { channel: string; by: string; why: string },
): Promise<void> {
  await sql`
    with paused as (
      update group_state set paused_at = coalesce(paused_at, now()), paused_by = ${by},
             paused_why = ${why} returning 1)
    select pg_notify(${channel}, '') from paused`.execute(db);
}

/** False when the group was not paused. */
export async function resumeGroup(db: Db, channel: string): Promise<boolean> {
  const { rows } = await sql`
    with resumed as (
      update group_state set paused_at = null, paused_by = null, paused_why = null
      where paused_at is not null returning 1)
    select pg_notify(${channel}, '') from resumed`.execute(db);
  return rows.length > 0;
}

/**
 * Marks an event as handled without handling it, also when it is parked: those that wait behind it
 * go on. False when the group has handled it before.
 */
export async function skipOne(
  db: Db,
  eventId: string,
  { by, why }: { by: string; why: string },
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    // Not deleted while it is parked: its owner must learn that the key is free. It finds the mark.
    const { rows } = await sql<{ type: string | null }>`
      update parked set due_at = now() where event_id = ${eventId}
      returning fields::json ->> 'type' as type`.execute(tx);
    const type = rows[0]?.type ?? TYPE_UNKNOWN;
    return skipEvent(tx, { id: eventId, type }, { skippedBy: by, why });
  });
}

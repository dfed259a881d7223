import { sql, type Kysely, type Transaction } from 'kysely';
import type { RuntimeSchema } from './tables';

type Db = Kysely<RuntimeSchema>;

/** The result of a dead letter whose redrive ended before its turn. */
export const NOT_TRIED = 'not tried';

/** Which dead letters; several conditions narrow it down together. */
export interface DeadLetterFilter {
  readonly deadLetterId?: number | undefined;
  readonly fingerprint?: string | undefined;
  readonly eventType?: string | undefined;
  readonly key?: string | undefined;
}

/** A redrive that is wanted. */
export interface RedriveRequest {
  readonly filter: DeadLetterFilter;
  readonly limit: number;
  readonly ratePerSecond: number;
  /** Whether the first is tried alone, and the others only when it is handled. */
  readonly hasCanary: boolean;
  readonly startedBy: string;
}

/** What became of a redrive so far. */
export interface RedriveProgress {
  readonly redriveId: number;
  readonly state: 'canary' | 'running' | 'done' | 'cancelled' | 'stopped';
  readonly waiting: number;
  readonly redriven: number;
  readonly deadAgain: number;
}

/**
 * Hands dead letters back to their group, and to no other: they wait among the parked deliveries, as
 * the events they are. Returns the redrive's id, undefined when none matches.
 */
export async function startRedrive(db: Db, request: RedriveRequest): Promise<number | undefined> {
  const { ratePerSecond, hasCanary, startedBy, limit } = request;
  return db.transaction().execute(async (tx) => {
    const { redrive_id: redriveId } = await tx
      .insertInto('redrives')
      .values({
        state: hasCanary ? 'canary' : 'running',
        rate_per_second: ratePerSecond,
        started_by: startedBy,
      })
      .returning('redrive_id')
      .executeTakeFirstOrThrow();
    const { rows } = await sql`
      update dead_letters set state = 'redriving', redrives = redrives + 1,
             redrive_id = ${redriveId}, settled_at = null, settled_by = null, settled_why = null
      where dead_letter_id in (
        select dead_letter_id from dead_letters where state = 'dead' and ${matches(request.filter)}
        order by dead_letter_id limit ${limit} for update)
      returning dead_letter_id`.execute(tx);
    if (rows.length === 0) {
      await tx.deleteFrom('redrives').where('redrive_id', '=', redriveId).execute();
      return undefined;
    }
    await parkAll(tx, redriveId);
    await makeDue(tx, redriveId, hasCanary ? 1 : undefined);
    return redriveId;
  });
}

function matches({ deadLetterId, fingerprint, eventType, key }: DeadLetterFilter) {
  return sql`(${deadLetterId ?? null}::bigint is null or dead_letter_id = ${deadLetterId ?? null})
    and (${fingerprint ?? null}::text is null or fingerprint = ${fingerprint ?? null})
    and (${eventType ?? null}::text is null or event_type = ${eventType ?? null})
    and (${key ?? null}::text is null or key = ${key ?? null})`;
}

async function parkAll(tx: Transaction<RuntimeSchema>, redriveId: number): Promise<void> {
  await sql`
    insert into parked (stream, entry_id, fields, key, event_id, attempts, history, due_at,
                        dead_letter_id, is_replay)
    select stream, entry_id, fields, key, event_id, 0, '[]', 'infinity', dead_letter_id, false
    from dead_letters where redrive_id = ${redriveId} order by dead_letter_id
    on conflict (stream, entry_id) do update set dead_letter_id = excluded.dead_letter_id`.execute(
    tx,
  );
}

/** The next of a redrive come up at its rate: the first `count`, or all. */
async function makeDue(
  tx: Transaction<RuntimeSchema>,
  redriveId: number,
  count?: number,
): Promise<void> {
  await sql`
    with waiting as (
      select parked_id, row_number() over (order by parked_id) - 1 as place
      from parked join dead_letters using (dead_letter_id)
      where redrive_id = ${redriveId} and parked.due_at = 'infinity'
      order by parked_id limit ${count ?? null})
    update parked set due_at =
      now() + (select make_interval(secs => place / rate_per_second)
               from redrives where redrive_id = ${redriveId})
    from waiting where parked.parked_id = waiting.parked_id`.execute(tx);
}

/**
 * A redriven dead letter was handled, or is dead again: what follows for its redrive. The others of
 * a canary come up, or are dead letters as before; a redrive that has nothing left is done.
 */
export async function settleRedriven(
  tx: Transaction<RuntimeSchema>,
  deadLetterId: number,
  isHandled: boolean,
): Promise<void> {
  const { rows } = await sql<{ redrive_id: number; state: string }>`
    select redrive_id, state from redrives where redrive_id =
      (select redrive_id from dead_letters where dead_letter_id = ${deadLetterId})
    for update`.execute(tx);
  const redrive = rows[0];
  if (!redrive) return;
  if (redrive.state === 'canary') {
    if (!isHandled) return takeBack(tx, redrive.redrive_id, 'stopped');
    await makeDue(tx, redrive.redrive_id);
    await tx
      .updateTable('redrives')
      .set({ state: 'running' })
      .where('redrive_id', '=', redrive.redrive_id)
      .execute();
  }
  await sql`
    update redrives set state = 'done', ended_at = now()
    where redrive_id = ${redrive.redrive_id} and state = 'running' and not exists (
      select from dead_letters
      where redrive_id = ${redrive.redrive_id} and state = 'redriving')`.execute(tx);
}

/** What has not begun is dead as before. */
async function takeBack(
  tx: Transaction<RuntimeSchema>,
  redriveId: number,
  state: 'cancelled' | 'stopped',
): Promise<void> {
  await sql`
    with taken as (
      delete from parked where starts = 0 and dead_letter_id in (
        select dead_letter_id from dead_letters where redrive_id = ${redriveId})
      returning dead_letter_id)
    update dead_letters set state = 'dead', settled_why = ${NOT_TRIED}
    where state = 'redriving' and dead_letter_id in (select dead_letter_id from taken)`.execute(tx);
  await sql`
    update redrives set state = ${state}, ended_at = now()
    where redrive_id = ${redriveId}`.execute(tx);
}

/** Ends a redrive where it stands; false when it is over already. */
export async function cancelRedrive(db: Db, redriveId: number): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const open = await tx
      .selectFrom('redrives')
      .select('redrive_id')
      .where('redrive_id', '=', redriveId)
      .where('state', 'in', ['canary', 'running'])
      .forUpdate()
      .executeTakeFirst();
    if (!open) return false;
    await takeBack(tx, redriveId, 'cancelled');
    return true;
  });
}

/** How many dead letters a redrive would take. */
export async function countRedrivable(db: Db, filter: DeadLetterFilter): Promise<number> {
  const { rows } = await sql<{ dead: number }>`
    select count(*) as dead from dead_letters
    where state = 'dead' and ${matches(filter)}`.execute(db);
  return rows[0]!.dead;
}

/** What became of a redrive; undefined when there is none of this id. */
export async function redriveProgress(
  db: Db,
  redriveId: number,
): Promise<RedriveProgress | undefined> {
  const { rows } = await sql<RedriveProgress>`
    select redrive_id as "redriveId", redrives.state,
      count(*) filter (where dead_letters.state = 'redriving') as waiting,
      count(*) filter (where dead_letters.state = 'redriven') as redriven,
      count(*) filter (where dead_letters.state = 'dead'
        and settled_why is distinct from ${NOT_TRIED}) as "deadAgain"
    from redrives left join dead_letters using (redrive_id)
    where redrive_id = ${redriveId} group by redrive_id, redrives.state`.execute(db);
  return rows[0];
}

/** What a redrive has done for one dead letter. */
export interface RedriveResult {
  readonly deadLetterId: number;
  readonly eventId: string | null;
  /**
   * `waiting`, `handled`, `handled before` (its effect was there), `passed over` (the group does not
   * react to such events), `dead` again, or `not tried`.
   */
  readonly result: string;
  readonly error: string | null;
}

/** The result of each dead letter of a redrive, in its order. */
export async function redriveResults(
  db: Db,
  redriveId: number,
  limit: number,
): Promise<RedriveResult[]> {
  const { rows } = await sql<RedriveResult>`
    select dead_letter_id as "deadLetterId", event_id as "eventId",
      case state when 'redriving' then 'waiting' when 'redriven' then settled_why
                 when 'dead' then coalesce(settled_why, state) else state end as result,
      case when state = 'dead' and settled_why is null then error end as error
    from dead_letters where redrive_id = ${redriveId}
    order by dead_letter_id limit ${limit}`.execute(db);
  return rows;
}

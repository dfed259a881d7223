import { sql, type Kysely, type Transaction } from 'kysely';
import type { ArchiveFilter } from './archive';
import { NOT_TRIED } from './redrives';
import type { ReplayMode, RuntimeSchema } from './tables';

type Db = Kysely<RuntimeSchema>;

/** Which events of the archive a replay reads; undefined where it does not matter. */
export interface ReplayFilter {
  readonly fromTime?: Date | undefined;
  /** Undefined: until now. */
  readonly toTime?: Date | undefined;
  readonly eventTypes?: readonly string[] | undefined;
  readonly key?: string | undefined;
}

/** A replay that is wanted. */
export interface ReplayRequest extends ReplayFilter {
  readonly mode: ReplayMode;
  readonly ratePerSecond?: number | undefined;
  readonly holdsLive: boolean;
  readonly startedBy: string;
  /** Only the partition that has this stream; undefined: all. */
  readonly stream?: string | undefined;
}

/** Starts a replay; the owners of the partitions find it. Returns its id. */
export async function startReplay(db: Db, request: ReplayRequest): Promise<number> {
  const row = await db
    .insertInto('replays')
    .values({
      mode: request.mode,
      from_time: request.fromTime ?? null,
      to_time: request.toTime ?? sql<Date>`now()`,
      event_types: request.eventTypes ? [...request.eventTypes] : null,
      key: request.key ?? null,
      rate_per_second: request.ratePerSecond ?? null,
      holds_live: request.holdsLive,
      started_by: request.startedBy,
    })
    .returning('replay_id')
    .executeTakeFirstOrThrow();
  await sql`
    insert into replay_cursors (replay_id, stream)
    select ${row.replay_id}, stream from partitions
    where ${request.stream ?? null}::text is null or stream = ${request.stream ?? null}`.execute(
    db,
  );
  return row.replay_id;
}

/**
 * A group that starts for the first time reads all there ever was before it reads the streams, once
 * however many of its members start.
 */
export async function startBackfillOnce(db: Db): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const first = await tx
      .updateTable('group_state')
      .set({ is_backfilled: true })
      .where('is_backfilled', '=', false)
      .returning('is_backfilled')
      .executeTakeFirst();
    if (first) await startReplay(tx, { mode: 'fill', holdsLive: true, startedBy: 'first start' });
  });
}

/** What is left of a replay in one partition. */
export interface OpenReplay extends ArchiveFilter {
  readonly replayId: number;
  readonly mode: ReplayMode;
  readonly stream: string;
  readonly cursor: string;
  readonly ratePerSecond: number | null;
  readonly holdsLive: boolean;
}

/** The replays that this partition has still to read, the oldest first. */
export async function findOpenReplays(db: Db, stream: string): Promise<OpenReplay[]> {
  return openCursors(db)
    .select([
      'replays.replay_id as replayId',
      'replays.mode',
      'cursors.stream',
      'cursors.cursor',
      'replays.from_time as fromTime',
      'replays.to_time as toTime',
      'replays.event_types as eventTypes',
      'replays.key',
      'replays.rate_per_second as ratePerSecond',
      'replays.holds_live as holdsLive',
    ])
    .where('cursors.stream', '=', stream)
    .orderBy('replays.replay_id')
    .execute();
}

/** Of these partitions, those that have a replay still to read. */
export async function findReplayed(db: Db, streams: readonly string[]): Promise<Set<string>> {
  const rows = await openCursors(db)
    .select('cursors.stream')
    .distinct()
    .where('cursors.stream', 'in', streams)
    .execute();
  return new Set(rows.map(({ stream }) => stream));
}

function openCursors(db: Db) {
  return db
    .selectFrom('replay_cursors as cursors')
    .innerJoin('replays', 'replays.replay_id', 'cursors.replay_id')
    .where('replays.state', '=', 'running')
    .where('cursors.is_done', '=', false);
}

/** False when it is over, or was cancelled. */
export async function isReplayRunning(db: Db, replayId: number): Promise<boolean> {
  const row = await db
    .selectFrom('replays')
    .select('replay_id')
    .where('replay_id', '=', replayId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return row !== undefined;
}

/** A page begins; true when it was begun before, and not advanced from. */
export async function beginPage(
  db: Db,
  { replayId, stream }: { replayId: number; stream: string },
): Promise<boolean> {
  const { rows } = await sql<{ begun: number }>`
    update replay_cursors set begun = begun + 1
    where replay_id = ${replayId} and stream = ${stream} returning begun`.execute(db);
  return (rows[0]?.begun ?? 1) > 1;
}

/** Everything up to `cursor` is settled; a replay whose partitions are all done is done. */
export async function advanceReplay(
  db: Db,
  { replayId, stream }: { replayId: number; stream: string },
  { cursor, read, isDone }: { cursor: string; read: number; isDone: boolean },
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    // One after another, or two that end together would each see the other as still going.
    await tx
      .selectFrom('replays')
      .select('replay_id')
      .where('replay_id', '=', replayId)
      .forUpdate()
      .execute();
    await sql`
      update replay_cursors
      set cursor = ${cursor}, read = read + ${read}, is_done = ${isDone}, begun = 0
      where replay_id = ${replayId} and stream = ${stream}`.execute(tx);
    if (isDone) await endReplayIfThrough(tx, replayId);
  });
}

async function endReplayIfThrough(tx: Transaction<RuntimeSchema>, replayId: number): Promise<void> {
  await sql`
    update replays set state = 'done', ended_at = now()
    where replay_id = ${replayId} and state = 'running' and not exists (
      select from replay_cursors where replay_id = ${replayId} and not is_done)`.execute(tx);
}

/** Ends a replay where it stands; false when it is over already. */
export async function cancelReplay(db: Db, replayId: number): Promise<boolean> {
  const row = await db
    .updateTable('replays')
    .set({ state: 'cancelled', ended_at: sql<Date>`now()` })
    .where('replay_id', '=', replayId)
    .where('state', '=', 'running')
    .returning('replay_id')
    .executeTakeFirst();
  return row !== undefined;
}

/** What became of a replay so far. */
export interface ReplayProgress {
  readonly replayId: number;
  readonly mode: ReplayMode;
  readonly state: 'running' | 'done' | 'cancelled';
  readonly startedBy: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  /** Events read from the archive. */
  readonly read: number;
  readonly partitionsDone: number;
  readonly partitions: number;
}

/** The latest replays. */
export async function listReplays(db: Db, limit: number): Promise<ReplayProgress[]> {
  const { rows } = await sql<ReplayProgress>`
    select replay_id as "replayId", mode, state, started_by as "startedBy",
      started_at as "startedAt", ended_at as "endedAt", coalesce(sum(read), 0) as read,
      count(*) filter (where is_done) as "partitionsDone", count(stream) as partitions
    from replays left join replay_cursors using (replay_id)
    group by replay_id order by replay_id desc limit ${limit}`.execute(db);
  return rows;
}

/**
 * Empties what a group has made of events, and all it remembers of having handled them; then reads
 * all events again before it goes on live. Whatever is under way cannot be committed any more.
 */
export async function startRebuild(
  db: Db,
  {
    projections,
    ...request
  }: { projections: readonly string[] } & Pick<ReplayRequest, 'ratePerSecond' | 'startedBy'>,
): Promise<number> {
  return db.transaction().execute(async (tx) => {
    await sql`update partitions set token = token + 1`.execute(tx);
    await sql`update leases set member = null, is_handed_back = true`.execute(tx);
    await endOthers(tx);
    for (const table of ['inbox', 'parked', ...projections]) {
      await sql`delete from ${sql.id(table)}`.execute(tx);
    }
    // Not now(): until the numbers were raised, events that are younger than this transaction were handled.
    const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`.execute(tx);
    const toTime = rows[0]!.now;
    return startReplay(tx, { ...request, mode: 'rebuild', holdsLive: true, toTime });
  });
}

/** What was to be read or redriven would come before its past, or from where it stood. */
async function endOthers(tx: Transaction<RuntimeSchema>): Promise<void> {
  await sql`
    update replays set state = 'cancelled', ended_at = now() where state = 'running'`.execute(tx);
  await sql`
    update redrives set state = 'cancelled', ended_at = now()
    where state in ('canary', 'running')`.execute(tx);
  await sql`
    update dead_letters set state = 'dead', settled_why = ${NOT_TRIED}
    where state = 'redriving'`.execute(tx);
}

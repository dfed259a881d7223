import { sql, type Kysely, type Transaction } from 'kysely';
import { startReplay } from './replays';
import type { RuntimeSchema } from './tables';

/** What a loss of the whole stream ends with. */
export const UNKNOWN_ID = '+';

/** Entries that a stream no longer has. */
export interface Loss {
  readonly stream: string;
  /** After this one, up to {@link lastId}. */
  readonly firstId: string;
  readonly lastId: string;
  /** No lost event is older. */
  readonly since: Date;
}

/**
 * Records that the stream no longer has these entries, and starts the refill, which the partition's
 * owner reads before anything else. False when they are recorded already, and no more are gone.
 */
export async function recordLoss(db: Kysely<RuntimeSchema>, loss: Loss): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const { rows } = await sql`
      insert into losses (stream, first_id, last_id)
      values (${loss.stream}, ${loss.firstId}, ${loss.lastId})
      on conflict (stream, first_id) do update set last_id = excluded.last_id, found_at = now()
        where losses.last_id <> excluded.last_id
      returning 1`.execute(tx);
    if (rows.length > 0) await startRefill(tx, loss);
    return rows.length > 0;
  });
}

/** Records that the stream may have lost anything after an entry, also when that was so before. */
export async function recordLossAgain(db: Kysely<RuntimeSchema>, loss: Loss): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await sql`
      insert into losses (stream, first_id, last_id)
      values (${loss.stream}, ${loss.firstId}, ${loss.lastId})
      on conflict (stream, first_id) do update set last_id = excluded.last_id, found_at = now()`.execute(
      tx,
    );
    await startRefill(tx, loss);
  });
}

async function startRefill(tx: Transaction<RuntimeSchema>, loss: Loss): Promise<void> {
  const { stream, firstId, since } = loss;
  const replayId = await startReplay(tx, {
    ...{ mode: 'refill', stream, fromTime: since, holdsLive: true },
    startedBy: `loss in ${stream}`,
  });
  await tx
    .updateTable('losses')
    .set({ replay_id: replayId })
    .where('stream', '=', stream)
    .where('first_id', '=', firstId)
    .execute();
}

/** What the owners of a partition knew of its stream. */
export interface StreamBefore {
  /** The server that had it when its owner last looked; null when there was no owner yet. */
  readonly serverId: string | null;
  /**
   * Nothing older is unsettled: the group had not begun with it, or, where all of it was lost before,
   * it was settled then.
   */
  readonly settledUntil: Date;
}

/** What the owners before knew of the stream. */
export async function findStreamBefore(
  db: Kysely<RuntimeSchema>,
  stream: string,
): Promise<StreamBefore> {
  const { rows } = await sql<StreamBefore>`
    select server_id as "serverId", greatest(began_at, (
      select max(from_time) from losses join replays using (replay_id)
      where losses.stream = leases.stream and last_id = ${UNKNOWN_ID})) as "settledUntil"
    from leases where stream = ${stream}`.execute(db);
  return rows[0]!;
}

/** Keeps which server has the stream. */
export async function saveServerId(
  db: Kysely<RuntimeSchema>,
  stream: string,
  serverId: string,
): Promise<void> {
  await db
    .updateTable('leases')
    .set({ server_id: serverId })
    .where('stream', '=', stream)
    .execute();
}

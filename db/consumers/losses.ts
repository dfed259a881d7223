import type { Kysely } from 'kysely';
import { startReplay } from './replays';
import type { RuntimeSchema } from './tables';

/** Entries that a stream no longer has. */
export interface Loss {
  readonly stream: string;
  readonly firstId: string;
  readonly lastId: string;
  /** No lost event is older. */
  readonly since: Date;
}

/** Records that the stream no longer has these entries, and starts the replay that refills them. */
export async function recordLoss(
  db: Kysely<RuntimeSchema>,
  { stream, firstId, lastId, since }: Loss,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const isNew = await tx
      .insertInto('losses')
      .values({ stream, first_id: firstId, last_id: lastId, replay_id: null })
      .onConflict((conflict) => conflict.doNothing())
      .returning('stream')
      .executeTakeFirst();
    if (!isNew) return false;
    const replayId = await startReplay(tx, {
      mode: 'fill',
      fromTime: since,
      holdsLive: false,
      startedBy: `loss in ${stream}`,
    });
    await tx
      .updateTable('losses')
      .set({ replay_id: replayId })
      .where('stream', '=', stream)
      .where('first_id', '=', firstId)
      .execute();
    return true;
  });
}

import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { registeredGroups } from '../db/consumers/registered-groups';
import { PARTITIONS, streamKey } from '../events/streams';
import { trimStream, type ScriptEvaluator } from '../events/trim';
import { repeat, type RepeatedDuty } from '../platform/repeat';

/** Often enough that a stream is never much longer than its time. */
const INTERVAL_MS = 60_000;

/** What trimming needs; `archive` is a pool in the role `tandem_archive`. */
interface TrimOptions {
  readonly redis: ScriptEvaluator;
  readonly archive: Kysely<unknown>;
  readonly retentionMs: number;
  readonly logger: Logger;
}

/** Removes from the streams what is older than the retention and settled by every group. */
export function trimStreams(options: TrimOptions): RepeatedDuty {
  const { logger } = options;
  return repeat({ name: 'trim streams', intervalMs: INTERVAL_MS, logger }, () => trimAll(options));
}

async function trimAll({ redis, archive, retentionMs, logger }: TrimOptions): Promise<void> {
  // Those that were registered before anything else is asked: a group is registered before it reads.
  const groups = await registeredGroups(archive);
  const before = new Date(Date.now() - retentionMs);
  for (const stream of PARTITIONS.map(streamKey)) {
    const { removed, heldBackBy } = await trimStream(redis, stream, { before, groups });
    if (removed > 0) logger.info({ stream, removed }, 'trimmed');
    if (heldBackBy) logger.debug({ stream, heldBackBy }, 'a group holds trimming back');
  }
}

import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import {
  findStreamBefore,
  recordLoss,
  recordLossAgain,
  saveServerId,
  UNKNOWN_ID,
  type Loss,
  type StreamBefore,
} from '../../db/consumers/losses';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Broker } from './broker';
import { compareIds, idTimeMs, ID_ZERO } from './entry-id';
import { Gaps } from './gaps';
import type { Partition } from './partition';
import { countPending, ensureGroup } from './stream-commands';
import { findRemovedAhead, groupInfo, mayBeLost, serverIdOf, streamInfo } from './stream-info';

/** An entry that is gone was recorded before it was appended: no longer before than this. */
const PUBLISHED_WITHIN_MS = 3_600_000;

/** What watching for losses needs. */
export interface LossWatchOptions {
  readonly group: string;
  readonly db: Kysely<RuntimeSchema>;
  readonly broker: Broker;
  /** The group was missing, perhaps with all the stream had. */
  readonly onGroupMade: (stream: string) => void;
  readonly logger: Logger;
}

/**
 * Finds out what the streams have lost. A loss is recorded with a refill from the archive, which is
 * read before anything that was appended later, so that each key keeps its order.
 */
export class LossWatch {
  /** By which server each partition was looked through. */
  readonly #servers = new WeakMap<Partition, string>();
  readonly #gaps: Gaps;

  constructor(private readonly options: LossWatchOptions) {
    this.#gaps = new Gaps(options.broker, options.group);
  }

  /** Makes sure of the group, and looks for all that may have been lost since its owner last looked. */
  async begin(partition: Partition): Promise<void> {
    const { broker, db } = this.options;
    const { stream } = partition;
    const before = await findStreamBefore(db, stream);
    const serverId = await serverIdOf(broker, stream);
    if (before.serverId !== null) await this.#lookForLoss(partition, before, serverId);
    await this.#ensureGroup(partition);
    if (serverId !== before.serverId) await saveServerId(db, stream, serverId);
    this.#servers.set(partition, serverId);
    await this.findTrimmed(partition);
  }

  /** Whether another server has the stream than when it was looked for losses. */
  async isMoved(partition: Partition): Promise<boolean> {
    const now = await serverIdOf(this.options.broker, partition.stream);
    return this.#servers.get(partition) !== now;
  }

  /** Before what pends is swept: the sweep forgets what the stream no longer has. */
  async findTrimmedPending({ stream }: Partition): Promise<void> {
    const { broker, group, db } = this.options;
    const { firstId } = await countPending(broker, stream, group);
    const info = await streamInfo(broker, stream);
    if (firstId === null || !info) return;
    const next = info.firstId ?? info.lastId;
    if (compareIds(firstId, next) < 0) await recordLoss(db, lossOf(stream, firstId, next));
  }

  /** From here on it is counted what is read. */
  async beginCount(partition: Partition): Promise<void> {
    await this.#gaps.begin(partition);
  }

  /**
   * Whether entries were removed before the group was given them, and nobody knew; with `isCounted`,
   * also between two reads, which can be told only where no more pends than we know of.
   */
  async findTrimmed(partition: Partition, isCounted = false): Promise<boolean> {
    const { broker, group, logger, db } = this.options;
    const { stream } = partition;
    const info = await streamInfo(broker, stream);
    const known = info && (await groupInfo(broker, stream, group));
    if (!known) return false;
    const gap = isCounted ? this.#gaps.find(partition, info) : undefined;
    const lost = findRemovedAhead(info, known) ?? gap;
    if (!lost) return false;
    const { settledUntil } = await findStreamBefore(db, stream);
    const isNew = await recordLoss(db, lossOf(stream, lost.firstId, lost.lastId, settledUntil));
    if (isNew) logger.error({ stream, ...lost }, 'entries were trimmed unread: refilled');
    return isNew;
  }

  /** These were trimmed while they were pending. */
  async recordTrimmed({ stream }: Partition, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const { logger, db } = this.options;
    const sorted = [...ids].sort(compareIds);
    logger.error({ stream, lost: ids.length }, 'entries were trimmed while pending: refilled');
    await recordLoss(db, lossOf(stream, sorted[0]!, sorted.at(-1)!));
  }

  /** The group was there before: is what it was not given yet? */
  async #lookForLoss(
    { stream, inFlight }: Partition,
    { serverId: before, settledUntil }: StreamBefore,
    now: string,
  ): Promise<void> {
    const { broker, group, db, logger } = this.options;
    const position = inFlight.position();
    // After a failover it may lack what the one before it had, and nothing else would show that.
    const isMoved = before !== now;
    const isGroupGone = !(await groupInfo(broker, stream, group));
    if (!isMoved && !isGroupGone) return;
    const isLacking = mayBeLost(await streamInfo(broker, stream), position);
    if (!isMoved && !isLacking) return;
    const what = { stream, position, before, now };
    // With its group in place, and nothing of it read yet, nothing is known to be missing.
    if (isLacking && (isGroupGone || position !== ID_ZERO))
      logger.error(what, 'the stream may have been lost: refilled');
    else logger.warn(what, 'restarted, or another server: refilled in case of lost writes');
    await recordLossAgain(db, lossOf(stream, position, UNKNOWN_ID, settledUntil));
  }

  async #ensureGroup({ stream, inFlight }: Partition): Promise<void> {
    const { broker, group, logger, onGroupMade } = this.options;
    const start = await ensureGroup(broker, stream, group, inFlight.position());
    if (start === undefined) return;
    inFlight.restart(start);
    logger.info({ stream, start }, 'made the group');
    onGroupMade(stream);
  }
}

/** Nothing that was lost is older than the entry after which it was, or than what was settled before. */
function lossOf(stream: string, firstId: string, lastId: string, settledUntil = new Date(0)): Loss {
  const afterMs = firstId === ID_ZERO ? settledUntil.getTime() : idTimeMs(firstId);
  const since = new Date(Math.max(afterMs - PUBLISHED_WITHIN_MS, 0));
  return { stream, firstId, lastId, since };
}

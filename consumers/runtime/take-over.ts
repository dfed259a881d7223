import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import type { Delivery } from '../../db/consumers/inbox';
import { countStart, forgetStarts } from '../../db/consumers/leases';
import { findHeldKeys } from '../../db/consumers/parked';
import { recordLoss } from '../../db/consumers/losses';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Broker } from './broker';
import type { Dispatcher } from './dispatcher';
import { compareIds, idTimeMs } from './entry-id';
import type { Partition } from './partition';
import { buryCrasher, MAX_CRASHES, type Settling } from './settle';
import {
  acknowledge,
  countPending,
  ensureGroup,
  takeAllPending,
  type GroupMember,
} from './stream-commands';
import { findUndeliveredLoss } from './stream-info';

/** An entry that is gone was recorded before it was appended: no longer before than this. */
const PUBLISHED_WITHIN_MS = 3_600_000;

/** What taking a partition over needs. */
export interface TakeOverOptions extends GroupMember {
  readonly db: Kysely<RuntimeSchema>;
  readonly broker: Broker;
  readonly dispatcher: Dispatcher;
  readonly settling: Settling;
  /** The group was missing, perhaps with all the stream had. */
  readonly onGroupMade: (stream: string) => void;
  readonly logger: Logger;
}

/** Takes over partitions: what was given to others before us comes first. */
export class TakeOver {
  /** One at a time: only the event that is tried now may be blamed for the end of its process. */
  #suspects: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: TakeOverOptions) {}

  /** Makes sure of the group, learns what is held, and returns all that pends, in its order. */
  async begin(partition: Partition): Promise<Delivery[]> {
    const keys = await findHeldKeys(this.options.db, partition.stream);
    for (const key of keys) partition.heldKeys.add(key);
    return this.findBack(partition);
  }

  /** What pends with us unheard of, because a reply or an acknowledgement was lost. */
  async findBack(partition: Partition): Promise<Delivery[]> {
    await this.#ensureGroup(partition);
    await this.#recordUndelivered(partition);
    return this.#sweep(partition);
  }

  /** As {@link findBack}, when there is more pending than we know of. */
  async lookAfter(partition: Partition): Promise<Delivery[]> {
    const { broker, group } = this.options;
    const { total } = await countPending(broker, partition.stream, group);
    if (total > partition.inFlight.count) return this.findBack(partition);
    await this.#recordUndelivered(partition);
    return [];
  }

  /**
   * Tries each of these for itself, because the owner before us may have died of one; gives up what
   * has ended too many.
   */
  async tryAlone(partition: Partition, deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      const trial = this.#suspects.then(() => this.#try(partition, delivery));
      this.#suspects = trial.catch(() => undefined);
      await trial;
    }
  }

  async #ensureGroup(partition: Partition): Promise<void> {
    const { broker, group, logger, onGroupMade } = this.options;
    const { stream, inFlight } = partition;
    const start = await ensureGroup(broker, stream, group, inFlight.position());
    if (start === undefined) return;
    inFlight.restart(start);
    logger.info({ stream, start }, 'made the group');
    onGroupMade(stream);
  }

  async #sweep(partition: Partition): Promise<Delivery[]> {
    const { broker, logger } = this.options;
    const { stream } = partition;
    const { deliveries, lostIds } = await takeAllPending(broker, stream, this.options);
    if (lostIds.length > 0) {
      const sorted = [...lostIds].sort(compareIds);
      logger.error(
        { stream, lost: lostIds.length },
        'entries were trimmed while pending: refilled',
      );
      await this.#recordLoss(stream, sorted[0]!, sorted.at(-1)!);
    }
    return deliveries
      .filter(({ entryId }) => !partition.inFlight.has(entryId))
      .sort((a, b) => compareIds(a.entryId, b.entryId));
  }

  async #recordUndelivered({ stream }: Partition): Promise<void> {
    const { broker, group, logger } = this.options;
    const lost = await findUndeliveredLoss(broker, stream, group);
    if (!lost) return;
    const isNew = await this.#recordLoss(stream, lost.firstId, lost.lastId);
    if (isNew) logger.error({ stream, ...lost }, 'entries were trimmed unread: refilled');
  }

  async #recordLoss(stream: string, firstId: string, lastId: string): Promise<boolean> {
    const since = new Date(Math.max(idTimeMs(firstId) - PUBLISHED_WITHIN_MS, 0));
    return recordLoss(this.options.db, { stream, firstId, lastId, since });
  }

  async #try(partition: Partition, delivery: Delivery): Promise<void> {
    partition.signal.throwIfAborted();
    const { db, settling, broker, group } = this.options;
    const starts = await countStart(db, delivery);
    if (starts >= MAX_CRASHES) {
      await buryCrasher(settling, { partition, delivery }, starts);
      await acknowledge(broker, group, delivery.stream, [delivery.entryId]);
    } else if (!(await this.options.dispatcher.addEntry(partition, delivery))) return;
    await forgetStarts(db, delivery);
  }
}

import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { eventIdOf, findKnown, type Delivery } from '../../db/consumers/inbox';
import { countStart, forgetStarts, uncountStart } from '../../db/consumers/leases';
import { findHeldKeys } from '../../db/consumers/parked';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Broker } from './broker';
import type { Dispatcher } from './dispatcher';
import { compareIds } from './entry-id';
import { LossWatch } from './loss-watch';
import type { Partition } from './partition';
import { buryCrasher, MAX_CRASHES, type Telling } from './set-aside';
import { acknowledge, countPending, takeAllPending, type GroupMember } from './stream-commands';

/** What taking a partition over needs. */
export interface TakeOverOptions extends GroupMember {
  readonly db: Kysely<RuntimeSchema>;
  readonly broker: Broker;
  readonly dispatcher: Dispatcher;
  readonly settling: Telling;
  /** The group was missing, perhaps with all the stream had. */
  readonly onGroupMade: (stream: string) => void;
  readonly logger: Logger;
}

/** Takes over partitions: what was given to others before us comes first. */
export class TakeOver {
  /** One at a time: only the event that is tried now may be blamed for the end of its process. */
  #suspects: Promise<unknown> = Promise.resolve();
  /** At the last look more was pending than we knew of. */
  readonly #doubted = new WeakSet<Partition>();
  readonly #losses: LossWatch;

  constructor(private readonly options: TakeOverOptions) {
    this.#losses = new LossWatch(options);
  }

  /** Makes sure of the group, learns what is held, and returns all that pends, in its order. */
  async begin(partition: Partition): Promise<Delivery[]> {
    const keys = await findHeldKeys(this.options.db, partition.stream);
    for (const key of keys) partition.heldKeys.add(key);
    return this.findBack(partition);
  }

  /** What pends with us unheard of, because a reply or an acknowledgement was lost. */
  async findBack(partition: Partition): Promise<Delivery[]> {
    await this.#losses.begin(partition);
    return this.#sweep(partition);
  }

  /** Looks for what was trimmed unread; it is refilled before anything is read. */
  async findTrimmed(partition: Partition): Promise<void> {
    await this.#losses.findTrimmed(partition);
  }

  /**
   * Whether there is more pending than we know of, or something may be lost: it is to be opened anew.
   * Of what is pending two looks in a row must say so: an acknowledgement may be on its way.
   */
  async isAmiss(partition: Partition): Promise<boolean> {
    const { broker, group } = this.options;
    const { total } = await countPending(broker, partition.stream, group);
    const isMore = total > partition.inFlight.count;
    const isMoreStill = isMore && this.#doubted.has(partition);
    if (isMore) this.#doubted.add(partition);
    else this.#doubted.delete(partition);
    if (isMoreStill || (await this.#losses.isMoved(partition))) return true;
    // What was given to somebody else is not lost: the next look has it.
    return this.#losses.findTrimmed(partition, !isMore);
  }

  /**
   * Tries each of these for itself, because the owner before us may have died of one; gives up what
   * has ended too many.
   */
  async tryAlone(partition: Partition, deliveries: readonly Delivery[]): Promise<void> {
    const { dispatcher, broker, group } = this.options;
    for (const delivery of deliveries) {
      const isBuried = await this.#oneAtATime(partition, delivery, () =>
        dispatcher.addEntry(partition, delivery),
      );
      if (isBuried) await acknowledge(broker, group, delivery.stream, [delivery.entryId]);
    }
  }

  /** The same for events of the archive, of a page that was begun before. */
  async tryArchived(
    partition: Partition,
    deliveries: readonly Delivery[],
    how: { readonly isReplay: boolean },
  ): Promise<void> {
    for (const delivery of deliveries) {
      await this.#oneAtATime(partition, delivery, () =>
        this.options.dispatcher.addArchived(partition, delivery, how),
      );
      partition.signal.throwIfAborted();
    }
  }

  async #sweep(partition: Partition): Promise<Delivery[]> {
    const { broker } = this.options;
    await this.#losses.findTrimmedPending(partition);
    const { deliveries, lostIds } = await takeAllPending(broker, partition.stream, this.options);
    await this.#losses.recordTrimmed(partition, lostIds);
    await this.#losses.beginCount(partition);
    return deliveries.filter(({ entryId }) => !partition.inFlight.has(entryId));
  }

  /** Acknowledges those whose acknowledgement alone was lost; returns the others, in their order. */
  async settleKnown(partition: Partition, deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const { db, broker, group } = this.options;
    const known = await findKnown(db, deliveries.map(eventIdOf));
    const isKnown = (delivery: Delivery) => known.has(eventIdOf(delivery));
    const settled = deliveries.filter(isKnown).map(({ entryId }) => entryId);
    if (settled.length > 0) await acknowledge(broker, group, partition.stream, settled);
    return deliveries
      .filter((delivery) => !isKnown(delivery))
      .sort((a, b) => compareIds(a.entryId, b.entryId));
  }

  async #oneAtATime(
    partition: Partition,
    delivery: Delivery,
    dispatch: () => Promise<boolean>,
  ): Promise<boolean> {
    const trial = this.#suspects.then(() => this.#try(partition, delivery, dispatch));
    this.#suspects = trial.catch(() => undefined);
    return trial;
  }

  /** True when it has ended too many, and was given up. */
  async #try(
    partition: Partition,
    delivery: Delivery,
    dispatch: () => Promise<boolean>,
  ): Promise<boolean> {
    partition.signal.throwIfAborted();
    const { db, settling } = this.options;
    const crashes = (await countStart(db, delivery)) - 1;
    const isBuried = crashes >= MAX_CRASHES;
    if (isBuried) await buryCrasher(settling, { partition, delivery }, crashes);
    else if (!(await dispatch())) {
      // The partition was left, and nobody ended of it.
      await uncountStart(db, delivery);
      return false;
    }
    await forgetStarts(db, delivery);
    return isBuried;
  }
}

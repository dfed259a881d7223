import type { Kysely } from 'kysely';
import type { Logger } from 'pino';
import { findKnown, type Delivery } from '../../db/consumers/inbox';
import { countStart, forgetStarts, uncountStart } from '../../db/consumers/leases';
import { findHeldKeys } from '../../db/consumers/parked';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { ENTRY_FIELDS } from '../../events/envelope';
import type { Broker } from './broker';
import type { Dispatcher } from './dispatcher';
import { compareIds } from './entry-id';
import { LossWatch } from './loss-watch';
import type { Partition } from './partition';
import { buryCrasher, MAX_CRASHES, type Settling } from './settle';
import { acknowledge, countPending, takeAllPending, type GroupMember } from './stream-commands';

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

  /** Whether there is more pending than we know of, or something was lost: it is to be opened anew. */
  async isAmiss(partition: Partition): Promise<boolean> {
    const { broker, group } = this.options;
    const { total } = await countPending(broker, partition.stream, group);
    return total > partition.inFlight.count || this.#losses.findTrimmed(partition);
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

  async #sweep(partition: Partition): Promise<Delivery[]> {
    const { broker } = this.options;
    const { deliveries, lostIds } = await takeAllPending(broker, partition.stream, this.options);
    await this.#losses.recordTrimmed(partition, lostIds);
    const unheard = deliveries.filter(({ entryId }) => !partition.inFlight.has(entryId));
    return this.#settleKnown(partition, unheard);
  }

  /** Acknowledges those whose acknowledgement alone was lost; returns the others, in their order. */
  async #settleKnown(partition: Partition, deliveries: readonly Delivery[]): Promise<Delivery[]> {
    const { db, broker, group } = this.options;
    const ids = deliveries.flatMap(({ fields }) => fields[ENTRY_FIELDS.id] ?? []);
    const known = await findKnown(db, ids);
    const isKnown = ({ fields }: Delivery) => known.has(fields[ENTRY_FIELDS.id] ?? '');
    const settled = deliveries.filter(isKnown).map(({ entryId }) => entryId);
    if (settled.length > 0) await acknowledge(broker, group, partition.stream, settled);
    return deliveries
      .filter((delivery) => !isKnown(delivery))
      .sort((a, b) => compareIds(a.entryId, b.entryId));
  }

  async #try(partition: Partition, delivery: Delivery): Promise<void> {
    partition.signal.throwIfAborted();
    const { db, settling, broker, group } = this.options;
    const starts = await countStart(db, delivery);
    if (starts >= MAX_CRASHES) {
      await buryCrasher(settling, { partition, delivery }, starts);
      await acknowledge(broker, group, delivery.stream, [delivery.entryId]);
    } else if (!(await this.options.dispatcher.addEntry(partition, delivery))) {
      // The partition was left, and nobody ended of it.
      return uncountStart(db, delivery);
    }
    await forgetStarts(db, delivery);
  }
}

import type { Logger } from 'pino';
import { keyOf, type Delivery } from '../../db/consumers/inbox';
import type { ParkedDelivery } from '../../db/consumers/parked';
import type { Acknowledger } from './acknowledger';
import { Lanes, type LaneLimits } from './lanes';
import type { Partition } from './partition';
import type { ParkedInFlight } from './parked-loop';
import { settle, type Settling } from './settle';
import { bytesOf, type Work } from './work';

/** What dispatching needs. */
export interface DispatchOptions {
  readonly settling: Settling;
  readonly limits: LaneLimits;
  readonly acknowledger: Acknowledger;
  readonly parked: ParkedInFlight;
  readonly logger: Logger;
}

/** Puts deliveries into the lanes of their keys, and sees to what follows when they are settled. */
export class Dispatcher {
  readonly #lanes: Lanes<Work>;

  constructor(private readonly options: DispatchOptions) {
    this.#lanes = new Lanes(options.limits, (works) => this.#work(works));
  }

  /** Works waiting or under way, whatever they came from. */
  get size(): number {
    return this.#lanes.size;
  }

  /** Dispatches entries in their order; one that is under way already is not dispatched again. */
  addEntries(partition: Partition, deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#addEntry(partition, delivery);
  }

  /** Resolves when the entry is settled, to false when it was released. */
  async addEntry(partition: Partition, delivery: Delivery): Promise<boolean> {
    if (partition.inFlight.has(delivery.entryId)) return true;
    return new Promise((resolve) => this.#addEntry(partition, delivery, resolve));
  }

  /** Dispatches a parked delivery. */
  async addParked(partition: Partition, parked: ParkedDelivery): Promise<void> {
    const { isReplay, parkedId } = parked;
    const isSettled = await new Promise<boolean>((onEnd) =>
      this.#add({ partition, delivery: parked, parked, isEntry: false, isReplay, onEnd }),
    );
    if (isSettled) return this.options.parked.settled(parkedId);
    await this.options.parked
      .returned(parkedId)
      .catch((err: unknown) => this.options.logger.debug({ err, parkedId }, 'could not return'));
  }

  /** Dispatches an event of the archive; resolves as {@link addEntry} does. */
  async addArchived(
    partition: Partition,
    delivery: Delivery,
    { isReplay }: { readonly isReplay: boolean },
  ): Promise<boolean> {
    return new Promise((onEnd) =>
      this.#add({ partition, delivery, isEntry: false, isReplay, onEnd }),
    );
  }

  #addEntry(partition: Partition, delivery: Delivery, onEnd?: Work['onEnd']): void {
    const { entryId } = delivery;
    const { inFlight } = partition;
    if (inFlight.has(entryId)) return;
    inFlight.add(entryId, bytesOf(delivery));
    this.#add({ partition, delivery, isEntry: true, isReplay: false, onEnd });
  }

  #add(work: Work): void {
    if (work.partition.signal.aborted) return this.#end(work, false);
    const { stream } = work.delivery;
    const isTogether = this.options.limits.batchSize > 1;
    this.#lanes.add(isTogether ? stream : `${stream} ${keyOf(work.delivery)}`, work);
  }

  async #work(works: readonly Work[]): Promise<void> {
    // A lane has the works of one stream, but of an owner before us they may be left over.
    for (const partition of new Set(works.map((work) => work.partition))) {
      const ours = works.filter((work) => work.partition === partition);
      const isSettled = await this.#settle(partition, ours);
      for (const work of ours) this.#end(work, isSettled);
    }
  }

  async #settle(partition: Partition, works: readonly Work[]): Promise<boolean> {
    try {
      await settle(this.options.settling, works);
      return true;
    } catch (err) {
      if (!partition.signal.aborted) {
        this.options.logger.warn({ err, stream: partition.stream }, 'left the partition');
      }
      partition.leave();
      return false;
    }
  }

  /** What was released is not settled: it stays in flight, and the position before it. */
  #end({ partition, delivery, isEntry, onEnd }: Work, isSettled: boolean): void {
    if (isEntry && isSettled) {
      partition.inFlight.remove(delivery.entryId);
      this.options.acknowledger.add(delivery.stream, delivery.entryId);
    }
    onEnd?.(isSettled);
  }

  /** Releases what has not begun in this partition. */
  release(partition: Partition): void {
    for (const work of this.#lanes.drop((waiting) => waiting.partition === partition)) {
      this.#end(work, false);
    }
  }

  /** Whether anything of this partition waits or is under way. */
  isBusy(partition: Partition): boolean {
    return this.#lanes.has((work) => work.partition === partition);
  }
}

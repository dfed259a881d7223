import type { Logger } from 'pino';
import type { Delivery } from '../../db/consumers/inbox';
import type { ParkedDelivery } from '../../db/consumers/parked';
import type { Acknowledger } from './acknowledger';
import { compareIds } from './entry-id';
import { Lanes, type LaneLimits } from './lanes';
import type { Partition } from './partition';
import type { ParkedInFlight } from './parked-loop';
import { settle, type Settling } from './settle';
import { bytesOf, keyOf, type Work } from './work';

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

  /** Dispatches entries of the stream; one that is under way already is not dispatched again. */
  addEntries(partition: Partition, deliveries: readonly Delivery[]): void {
    const inOrder = [...deliveries].sort((a, b) => compareIds(a.entryId, b.entryId));
    for (const delivery of inOrder) void this.addEntry(partition, delivery);
  }

  /** Resolves when the entry is settled, to false when it was released. */
  async addEntry(partition: Partition, delivery: Delivery): Promise<boolean> {
    const { entryId, stream } = delivery;
    if (partition.inFlight.has(entryId)) return true;
    partition.inFlight.add(entryId, bytesOf(delivery));
    const isSettled = await this.#add({ partition, delivery, isReplay: false });
    // What was released is not settled: it stays, and the position before it.
    if (!isSettled) return false;
    partition.inFlight.remove(entryId);
    this.options.acknowledger.add(stream, entryId);
    return true;
  }

  /** Dispatches a parked delivery. */
  async addParked(partition: Partition, parked: ParkedDelivery): Promise<void> {
    const { isReplay, parkedId } = parked;
    const isSettled = await this.#add({ partition, delivery: parked, parked, isReplay });
    if (isSettled) return this.options.parked.settled(parkedId);
    await this.options.parked
      .returned(parkedId)
      .catch((err: unknown) => this.options.logger.debug({ err, parkedId }, 'could not return'));
  }

  /** Dispatches an event of the archive; resolves as {@link addEntry} does. */
  async addArchived(partition: Partition, delivery: Delivery): Promise<boolean> {
    return this.#add({ partition, delivery, isReplay: true });
  }

  async #add(work: Omit<Work, 'onSettled' | 'onReleased'>): Promise<boolean> {
    const { batchSize } = this.options.limits;
    const { stream } = work.delivery;
    const key = keyOf(work.delivery);
    return new Promise((resolve) => {
      if (work.partition.signal.aborted) return resolve(false);
      this.#lanes.add(batchSize > 1 ? stream : `${stream} ${key}`, {
        ...work,
        onSettled: () => resolve(true),
        onReleased: () => resolve(false),
      });
    });
  }

  async #work(works: readonly Work[]): Promise<void> {
    // A lane has the works of one stream, but of an owner before us they may be left over.
    for (const partition of new Set(works.map((work) => work.partition))) {
      const ours = works.filter((work) => work.partition === partition);
      try {
        await settle(this.options.settling, ours);
        for (const work of ours) work.onSettled();
      } catch (err) {
        if (!partition.signal.aborted) {
          this.options.logger.warn({ err, stream: partition.stream }, 'left the partition');
        }
        partition.leave();
        for (const work of ours) work.onReleased();
      }
    }
  }

  /** Releases what has not begun in this partition. */
  release(partition: Partition): void {
    for (const work of this.#lanes.drop((waiting) => waiting.partition === partition)) {
      work.onReleased();
    }
  }

  /** Whether anything of this partition waits or is under way. */
  isBusy(partition: Partition): boolean {
    return this.#lanes.has((work) => work.partition === partition);
  }
}

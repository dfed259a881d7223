import type { Delivery } from '../../db/consumers/inbox';
import type { Logger } from 'pino';
import type { Dispatcher } from './dispatcher';
import type { Partition } from './partition';
import { untilResumed } from './pause';
import type { TakeOver } from './take-over';

/** Why it is not known what of a partition was given to us. */
type Why = 'taken' | 'taken, handed back' | 'in doubt';

/** What opening partitions needs. */
export interface OpeningOptions {
  readonly takeOver: TakeOver;
  readonly dispatcher: Dispatcher;
  /** Works through the replays that come before anything live. */
  readonly replayFirst: (partition: Partition) => Promise<void>;
  /** Resolves when no read of the partition is under way. */
  readonly untilReadsEnd: (partition: Partition) => Promise<void>;
  readonly isPaused: () => boolean;
  readonly onOpened: () => void;
  readonly logger: Logger;
}

/** The partitions of which it is not known what was given to us: they are read once it is. */
export class Opening {
  readonly #unknown = new Map<Partition, Why>();
  /** Something was given to us since it was looked through. */
  readonly #outdated = new WeakSet<Partition>();

  constructor(private readonly options: OpeningOptions) {}

  /** It was taken over; from one who handed it back, or from one who may have died of it. */
  taken(partition: Partition, wasHandedBack: boolean): void {
    this.#unknown.set(partition, wasHandedBack ? 'taken, handed back' : 'taken');
  }

  /** A read failed, or something was lost: it is read again when it is known. */
  inDoubt(partition: Partition): void {
    partition.isReading = false;
    // What pends is its next owner's.
    if (partition.isLeaving || partition.signal.aborted) return;
    this.#unknown.set(partition, 'in doubt');
  }

  /** A read that began before it was looked through has ended only now: what it gave is not known. */
  readLate(partition: Partition): void {
    this.#outdated.add(partition);
  }

  left(partition: Partition): void {
    this.#unknown.delete(partition);
  }

  /** Of each partition that is not known, learns what was given to us; then it is read. */
  async findBack(): Promise<void> {
    // All at once: who handed them over is waited for by no event longer than need be.
    const finding = [...this.#unknown].map(([partition, why]) => this.#findBack(partition, why));
    const failed = (await Promise.allSettled(finding)).find(({ status }) => status === 'rejected');
    if (failed) throw (failed as PromiseRejectedResult).reason;
  }

  async #findBack(partition: Partition, why: Why): Promise<void> {
    const { takeOver, logger } = this.options;
    // What a read that is under way is still given would be found by nobody.
    await this.options.untilReadsEnd(partition);
    this.#outdated.delete(partition);
    const isTaken = why !== 'in doubt';
    const pending = await (isTaken ? takeOver.begin(partition) : takeOver.findBack(partition));
    if (!this.#unknown.delete(partition)) return;
    void this.#open(partition, pending, why).catch((err: unknown) => {
      if (partition.signal.aborted) return;
      logger.warn({ err, stream: partition.stream }, 'could not begin');
      this.#unknown.set(partition, why);
    });
  }

  async #untilResumed(partition: Partition): Promise<void> {
    if (!this.options.isPaused()) return;
    await untilResumed(this.options.isPaused, partition.signal);
    // It may have been trimmed meanwhile, and nobody looked.
    await this.options.takeOver.findTrimmed(partition);
  }

  async #open(partition: Partition, pending: readonly Delivery[], why: Why): Promise<void> {
    const { takeOver, dispatcher, replayFirst, onOpened } = this.options;
    await this.#untilResumed(partition);
    // First, because what pends may be later than what is to be read again.
    await replayFirst(partition);
    const left = await takeOver.settleKnown(partition, pending);
    if (why === 'taken') await takeOver.tryAlone(partition, left);
    else dispatcher.addEntries(partition, left);
    // Before anything later is read: it would overtake what the late reply gave.
    if (this.#outdated.has(partition)) return this.inDoubt(partition);
    partition.startReading();
    this.options.logger.debug({ stream: partition.stream, pending: pending.length }, 'reads');
    onOpened();
  }
}

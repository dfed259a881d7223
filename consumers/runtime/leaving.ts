import { setTimeout as sleep } from 'node:timers/promises';
import { handBackLeases, savePositions } from '../../db/consumers/leases';
import type { Acknowledger } from './acknowledger';
import type { Dispatcher } from './dispatcher';
import { channelOf, type GroupOptions } from './group-options';
import type { Partition } from './partition';
import type { Reading } from './reading';

/** What was told to stop gives its transaction back within so long. */
const GIVE_BACK_MS = 1_000;
const LOOK_MS = 2;

/** What leaving partitions needs. */
export interface LeavingOptions extends GroupOptions {
  readonly reading: Reading;
  readonly dispatcher: Dispatcher;
  readonly acknowledger: Acknowledger;
  /** Forgets a partition here: nothing of it can be committed any more. */
  readonly drop: (partition: Partition) => void;
}

/** Hands partitions back, finished and settled, so that another goes on at once. */
export class Leaving {
  constructor(private readonly options: LeavingOptions) {}

  /** Finishes what has begun of these for so long, and lets others have them. Never rejects. */
  async handBack(partitions: readonly Partition[], drainMs: number): Promise<void> {
    const { reading, dispatcher, acknowledger, drop, logger } = this.options;
    for (const partition of partitions) partition.stopReading();
    await reading.untilReadsEnd(partitions);
    for (const partition of partitions) dispatcher.release(partition);
    await this.#untilIdle(partitions, drainMs);
    try {
      await acknowledger.flush();
      await this.save(partitions);
      await this.release(partitions);
    } catch (err) {
      logger.warn({ err }, 'could not hand back: others take over when the lease ends');
    }
    for (const partition of partitions) drop(partition);
  }

  /** Ends the leases of these now. */
  async release(partitions: readonly Partition[]): Promise<void> {
    const { db, member, group, logger } = this.options;
    const streams = partitions.map(({ stream }) => stream);
    await handBackLeases(db, { member, streams, channel: channelOf(group) });
    logger.debug({ streams }, 'handed back');
  }

  /** Writes down up to where everything is settled. */
  async save(partitions: readonly Partition[]): Promise<void> {
    const { db, member } = this.options;
    const positions = partitions.map(({ stream, inFlight }) => [stream, inFlight.position()]);
    await savePositions(db, member, new Map(positions as [string, string][]));
  }

  async #untilIdle(partitions: readonly Partition[], drainMs: number): Promise<void> {
    const deadline = performance.now() + drainMs;
    const isBusy = () => partitions.some((partition) => this.options.dispatcher.isBusy(partition));
    while (isBusy() && performance.now() < deadline) await sleep(LOOK_MS);
    for (const partition of partitions) partition.leave();
    while (isBusy() && performance.now() < deadline + GIVE_BACK_MS) await sleep(LOOK_MS);
  }
}

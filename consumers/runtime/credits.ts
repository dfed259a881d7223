import type { LaneLimits } from './lanes';
import type { Partition } from './partition';

/**
 * Besides what is at work, as much again may wait: read while the others are at work, so that no
 * lane stands still for a read. More would only age.
 */
const ROUNDS_IN_MEMORY = 2;

/** What may be in memory in all, so that large events do not come by the thousand. */
const MAX_BYTES = 8 * 1024 * 1024;

/** It is read when so much of the room is free, rather than one by one as it becomes so. */
const WORTH_READING = 1 / 4;

/** Until one was seen, an event is taken to be as large as this. */
const LARGE_EVENT_BYTES = 16 * 1024;

/** So much of the largest is remembered with each that is smaller: one giant is not feared for ever. */
const FADING = 0.999;

/** The most that one read asks for. */
const MAX_COUNT = 4_096;

/** How much may be read, so that what was read can be started. */
export class Credits {
  readonly #limit: number;
  #largest: number | undefined;

  constructor(private readonly limits: LaneLimits) {
    this.#limit = ROUNDS_IN_MEMORY * limits.concurrency * limits.batchSize;
  }

  /**
   * How many entries one of so many readers may read now. They do not know what the others are being
   * given: together they may read a batch each beyond the room.
   */
  shareOf(readers: number, partitions: Iterable<Partition>): number {
    const free = this.#free(partitions);
    return Math.max(Math.floor(free / readers), Math.min(free, this.limits.batchSize));
  }

  /** Learns how large events are. */
  learn(bytes: number): void {
    this.#largest = Math.max((this.#largest ?? 0) * FADING, bytes);
  }

  #free(partitions: Iterable<Partition>): number {
    let count = 0;
    let bytes = 0;
    for (const { inFlight } of partitions) {
      count += inFlight.count;
      bytes += inFlight.bytes;
    }
    if (count > 0 && this.#limit - count < this.#limit * WORTH_READING) return 0;
    const byBytes = Math.floor((MAX_BYTES - bytes) / (this.#largest ?? LARGE_EVENT_BYTES));
    // However large the next one is: alone it is read.
    const least = count === 0 ? 1 : 0;
    return Math.max(Math.min(this.#limit - count, byBytes, MAX_COUNT), least);
  }
}

import type { Delivery } from '../../db/consumers/inbox';
import type { ParkedDelivery } from '../../db/consumers/parked';
import type { Partition } from './partition';

/** A delivery that is to be settled, and who wants to know. */
export interface Work {
  readonly partition: Partition;
  readonly delivery: Delivery;
  /** What became of it before, where it comes from the parked ones. */
  readonly parked?: ParkedDelivery | undefined;
  /** It was read from the stream, not from the parked ones or the archive. */
  readonly isEntry: boolean;
  readonly isReplay: boolean;
  /**
   * Called once: with true when PostgreSQL knows what became of it; with false when it was not
   * settled, and whoever owns the partition next will be given it again.
   */
  readonly onEnd?: ((isSettled: boolean) => void) | undefined;
}

/** Roughly what it takes in memory. */
export function bytesOf({ fields }: Delivery): number {
  let bytes = 0;
  for (const name in fields) bytes += fields[name]!.length;
  return bytes;
}

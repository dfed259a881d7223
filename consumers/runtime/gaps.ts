import type { Broker } from './broker';
import { ID_ZERO } from './entry-id';
import { countBetween } from './lag';
import type { Partition } from './partition';
import { groupInfo, streamInfo, type Range, type StreamInfo } from './stream-info';

/** A place in a stream: how many entries it had had up to there, and how many of them were read. */
interface Place {
  readonly lastId: string;
  readonly added: number;
  readonly read: number;
}

/**
 * Finds entries that were appended and removed between two reads: as many are read as the stream had,
 * or some were never given to anybody. The server's own count of what a group has read is not asked:
 * after a restart or a failover of Redis 7.0 it may be too low.
 */
export class Gaps {
  /** Up to where each partition was last found to have been read without a gap. */
  readonly #places = new WeakMap<Partition, Place>();
  /** At the last look some seemed to be missed. */
  readonly #suspected = new WeakSet<Partition>();

  constructor(
    private readonly broker: Broker,
    private readonly group: string,
  ) {}

  /**
   * Counts from here on. After what pends was swept, and while nothing is read: what is given to us
   * all the same is found pending, and then this begins anew.
   */
  async begin(partition: Partition): Promise<void> {
    const { stream } = partition;
    this.#places.delete(partition);
    this.#suspected.delete(partition);
    const known = await groupInfo(this.broker, stream, this.group);
    const info = await streamInfo(this.broker, stream);
    const lastId = known?.lastDeliveredId ?? ID_ZERO;
    partition.readFrom(lastId);
    if (!info) return;
    const ahead = await countBetween(this.broker, stream, lastId, info.lastId);
    // One that is far behind is counted from where it has caught up.
    if (ahead === null) return;
    this.#places.set(partition, { lastId, added: info.added - ahead, read: 0 });
  }

  /**
   * Between which entries some were missed, until {@link begin}; seen when the stream is read to its
   * end. Two looks must say so: what others were given and have not settled is not missed.
   */
  find(partition: Partition, { added, lastId }: StreamInfo): Range | undefined {
    const { read } = partition;
    if (read.lastId !== lastId) return undefined;
    const before = this.#places.get(partition);
    if (before && added - before.added > read.count - before.read) {
      const isSuspected = this.#suspected.has(partition);
      this.#suspected.add(partition);
      return isSuspected ? { firstId: before.lastId, lastId } : undefined;
    }
    this.#suspected.delete(partition);
    this.#places.set(partition, { lastId, added, read: read.count });
    return undefined;
  }
}

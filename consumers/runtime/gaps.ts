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

  constructor(
    private readonly broker: Broker,
    private readonly group: string,
  ) {}

  /** Counts from here on. Nothing is read meanwhile: what pends is found by those who sweep it. */
  async begin(partition: Partition): Promise<void> {
    const { stream } = partition;
    const info = await streamInfo(this.broker, stream);
    const known = await groupInfo(this.broker, stream, this.group);
    const lastId = known?.lastDeliveredId ?? ID_ZERO;
    partition.readFrom(lastId);
    this.#places.delete(partition);
    const ahead = info && (await countBetween(this.broker, stream, lastId, info.lastId));
    // One that is far behind is counted from where it has caught up.
    if (typeof ahead !== 'number') return;
    this.#places.set(partition, { lastId, added: info!.added - ahead, read: 0 });
  }

  /** Between which entries some were missed; told once, when the stream is read to its end. */
  find(partition: Partition, { added, lastId }: StreamInfo): Range | undefined {
    const { read } = partition;
    if (read.lastId !== lastId) return undefined;
    const before = this.#places.get(partition);
    this.#places.set(partition, { lastId, added, read: read.count });
    const isMissed = before && added - before.added > read.count - before.read;
    return isMissed ? { firstId: before.lastId, lastId } : undefined;
  }
}

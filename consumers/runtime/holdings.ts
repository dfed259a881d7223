import type { Partition } from './partition';

/** The partitions that this member owns. */
export class Holdings {
  readonly #byStream = new Map<string, Partition>();

  get size(): number {
    return this.#byStream.size;
  }

  get(stream: string): Partition | undefined {
    return this.#byStream.get(stream);
  }

  all(): Partition[] {
    return [...this.#byStream.values()];
  }

  /** Those of which everything that pends is known. */
  reading(): Partition[] {
    return this.all().filter(({ isReading }) => isReading);
  }

  add(partition: Partition): void {
    this.#byStream.set(partition.stream, partition);
  }

  /** Another number under which the same partition is owned stays. */
  remove(partition: Partition): void {
    if (this.get(partition.stream) === partition) this.#byStream.delete(partition.stream);
  }
}

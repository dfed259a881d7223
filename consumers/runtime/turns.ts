import type { Given } from './stream-commands';

/** What a read asks for. */
export interface Asked {
  readonly streams: readonly string[];
  /** At most so many of each stream. */
  readonly count: number;
  /** Whether it may wait for news: where others are left out, they would wait with it. */
  readonly mayWait: boolean;
}

/**
 * Which streams the next read asks, and for how many entries: all in equal shares, while none has
 * more than it was asked for. Of those that do only as many as can give a whole batch, by turns,
 * because shared among all the room would be gone in batches that are not full; and after each such
 * read the others.
 */
export class Turns {
  /** Those that gave all they were asked for, the longest waiting first. */
  readonly #flowing = new Set<string>();
  #round = 0;

  constructor(private readonly batchSize: number) {}

  /** COUNT holds for each stream: with few credits only some are asked, others the next time. */
  next(streams: readonly string[], credits: number): Asked {
    this.#round += 1;
    const flowing = [...this.#flowing].filter((stream) => streams.includes(stream));
    const others = streams.filter((stream) => !this.#flowing.has(stream));
    const asked = this.#whichOf(streams, credits, { flowing, others });
    const share = Math.floor(credits / Math.max(asked.length, 1));
    const count = share < this.batchSize ? share : share - (share % this.batchSize);
    // With room for few, some are left out each time: not those that are known to have something.
    const wanted = credits < streams.length ? flowing : streams;
    return { streams: asked, count, mayWait: wanted.every((stream) => asked.includes(stream)) };
  }

  #whichOf(
    streams: readonly string[],
    credits: number,
    { flowing, others }: { flowing: readonly string[]; others: readonly string[] },
  ): readonly string[] {
    if (credits < streams.length) return this.#some(streams, credits);
    if (flowing.length === 0) return streams;
    if (others.length > 0 && this.#round % 2 === 0) return others;
    return flowing.slice(0, Math.max(Math.floor(credits / this.batchSize), 1));
  }

  /** Learns how many entries each stream gave. */
  heard({ streams, count }: Asked, given: readonly Given[]): void {
    for (const stream of streams) this.#flowing.delete(stream);
    for (const { stream, deliveries } of given) {
      if (deliveries.length >= count) this.#flowing.add(stream);
    }
  }

  #some(streams: readonly string[], howMany: number): string[] {
    const first = this.#round % Math.max(streams.length, 1);
    return [...streams.slice(first), ...streams.slice(0, first)].slice(0, howMany);
  }
}

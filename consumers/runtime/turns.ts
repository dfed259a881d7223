import type { Given } from './stream-commands';

/** What a read asks for. */
export interface Asked {
  readonly streams: readonly string[];
  /** At most so many of each stream. */
  readonly count: number;
  /** Whether it may wait for news: no stream that may be read is left out for having more. */
  readonly mayWait: boolean;
}

/**
 * Which streams the next read asks, and for how many entries. While all are nearly empty, all in
 * equal shares. Of those that had more than they were asked for only as many as can give a whole
 * batch, by turns: shared among all, the room would be gone in batches that are not full.
 */
export class Turns {
  /** Those that gave all they were asked for, the longest waiting first. */
  readonly #flowing = new Set<string>();
  #round = 0;

  constructor(private readonly batchSize: number) {}

  /** COUNT holds for each stream: with few credits only some are asked, others the next time. */
  next(streams: readonly string[], credits: number): Asked {
    if (credits < streams.length) {
      return { streams: this.#some(streams, credits), count: 1, mayWait: true };
    }
    const flowing = [...this.#flowing].filter((stream) => streams.includes(stream));
    const others = streams.filter((stream) => !this.#flowing.has(stream));
    const whole = Math.max(Math.floor(credits / this.batchSize), 1);
    const asked = [...flowing.slice(0, Math.max(whole - others.length, 1)), ...others];
    const share = Math.floor(credits / Math.max(asked.length, 1));
    const count = share < this.batchSize ? share : share - (share % this.batchSize);
    return { streams: asked, count, mayWait: asked.length === streams.length };
  }

  /** Learns how many entries each stream gave. */
  heard({ streams, count }: Asked, given: readonly Given[]): void {
    for (const stream of streams) this.#flowing.delete(stream);
    for (const { stream, deliveries } of given) {
      if (deliveries.length >= count) this.#flowing.add(stream);
    }
  }

  #some(streams: readonly string[], howMany: number): string[] {
    const first = this.#round++ % Math.max(streams.length, 1);
    return [...streams.slice(first), ...streams.slice(0, first)].slice(0, howMany);
  }
}

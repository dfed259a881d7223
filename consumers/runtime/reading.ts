import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../../db/consumers/inbox';
import type { Credits } from './credits';
import type { Dispatcher } from './dispatcher';
import type { GroupOptions } from './group-options';
import type { Holdings } from './holdings';
import type { Partition } from './partition';
import { readLoop } from './read-loop';
import { bytesOf } from './work';

/** What has stopped reading has come to its end after so long, or never does. */
const READ_END_MS = 1_000;

/** What reading needs. */
export interface ReadingOptions extends GroupOptions {
  readonly holdings: Holdings;
  readonly credits: Credits;
  readonly dispatcher: Dispatcher;
  /** Whether anything new may be begun. */
  readonly mayBegin: () => boolean;
  /** Of this partition it is no longer known what was given to us. */
  readonly onReadFailed: (partition: Partition) => void;
}

/** Reads what is new in the partitions that this member owns, no more than can be started. */
export class Reading {
  #rounds = 0;
  #loops = 0;
  #isWell = true;

  constructor(private readonly options: ReadingOptions) {}

  /** Whether the last read went well. */
  get isWell(): boolean {
    return this.#isWell;
  }

  /** A partition that could not be read is known again. */
  recovered(): void {
    this.#isWell = true;
  }

  /** Reads until the signal is aborted. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { broker, streams } = this.options;
    await Promise.all(broker.readTogether(streams).map((some) => this.#loop(some, signal)));
  }

  /** Resolves when no read is under way that began before: it may still be given entries. */
  async untilReadsEnd(): Promise<void> {
    const sets = this.options.broker.readTogether(this.options.streams).length;
    const [before, deadline] = [this.#rounds, performance.now() + READ_END_MS];
    // Each set's loop has then come by at least once since.
    while (this.#rounds < before + 2 * sets && performance.now() < deadline) {
      if (this.#loops === 0) return;
      await sleep(2);
    }
  }

  async #loop(together: readonly string[], signal: AbortSignal): Promise<void> {
    this.#loops += 1;
    const options = {
      ...this.options,
      mayRead: (streams: readonly string[]) => this.#mayRead(streams),
      onRead: (deliveries: readonly Delivery[]) => this.#onRead(deliveries),
      onError: (streams: readonly string[]) => this.#onError(streams),
    };
    await readLoop(options, together, signal);
    this.#loops -= 1;
  }

  #mayRead(streams: readonly string[]) {
    this.#rounds += 1;
    const { holdings, credits, mayBegin } = this.options;
    if (!mayBegin()) return { streams: [], credits: 0 };
    return {
      streams: streams.filter((stream) => holdings.get(stream)?.isReading),
      credits: credits.available(holdings.all()),
    };
  }

  #onRead(deliveries: readonly Delivery[]): void {
    const { holdings, credits, dispatcher } = this.options;
    this.#isWell = true;
    for (const delivery of deliveries) {
      const partition = holdings.get(delivery.stream);
      credits.learn(bytesOf(delivery));
      // Whoever owns it next is given it again.
      if (partition?.isReading) dispatcher.addEntries(partition, [delivery]);
    }
  }

  #onError(streams: readonly string[]): void {
    this.#isWell = false;
    for (const stream of streams) {
      const partition = this.options.holdings.get(stream);
      if (partition?.isReading) this.options.onReadFailed(partition);
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Credits } from './credits';
import type { Dispatcher } from './dispatcher';
import type { GroupOptions } from './group-options';
import type { Holdings } from './holdings';
import type { Partition } from './partition';
import { readLoop } from './read-loop';
import type { Given } from './stream-commands';
import { bytesOf } from './work';

/** What has stopped reading has come to its end after so long, or never does. */
const READ_END_MS = 1_000;

/** What reading needs. */
export interface ReadingOptions extends GroupOptions {
  readonly batchSize: number;
  readonly holdings: Holdings;
  readonly credits: Credits;
  readonly dispatcher: Dispatcher;
  /** Whether anything new may be begun. */
  readonly mayBegin: () => boolean;
  /** Of this partition it is no longer known what was given to us. */
  readonly onReadFailed: (partition: Partition) => void;
  /** A read of this partition, which is being looked through, has ended meanwhile, well or not. */
  readonly onLateRead: (partition: Partition) => void;
}

/** Reads what is new in the partitions that this member owns, no more than can be started. */
export class Reading {
  /** The streams of each read that is under way. */
  readonly #underWay = new Set<readonly string[]>();
  /** The streams of each reader. */
  readonly #readers: readonly (readonly string[])[];
  #isWell = true;

  constructor(private readonly options: ReadingOptions) {
    this.#readers = options.broker.readTogether(options.streams);
  }

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
    await Promise.all(this.#readers.map((together) => this.#loop(together, signal)));
  }

  /** Resolves when no read of these is under way: it may still be given entries. */
  async untilReadsEnd(partitions: readonly Partition[]): Promise<void> {
    const ending = new Set(partitions.map(({ stream }) => stream));
    const isUnderWay = () =>
      [...this.#underWay].some((streams) => streams.some((stream) => ending.has(stream)));
    const deadline = performance.now() + READ_END_MS;
    while (isUnderWay() && performance.now() < deadline) await sleep(2);
  }

  async #loop(together: readonly string[], signal: AbortSignal): Promise<void> {
    const options = {
      ...this.options,
      mayRead: (streams: readonly string[]) => this.#mayRead(streams),
      onBegin: (streams: readonly string[]) => this.#onBegin(streams),
      onRead: (given: readonly Given[]) => this.#onRead(given),
      onError: (streams: readonly string[]) => this.#onError(streams),
    };
    await readLoop(options, together, signal);
  }

  #mayRead(streams: readonly string[]) {
    const { holdings, credits, mayBegin } = this.options;
    if (!mayBegin()) return { streams: [], credits: 0 };
    const isRead = (stream: string) => holdings.get(stream)?.isReading === true;
    const readers = this.#readers.filter((together) => together.some(isRead)).length;
    return {
      streams: streams.filter(isRead),
      credits: credits.shareOf(Math.max(readers, 1), holdings.all()),
    };
  }

  #onBegin(streams: readonly string[]): () => void {
    this.#underWay.add(streams);
    return () => void this.#underWay.delete(streams);
  }

  #onRead(given: readonly Given[]): void {
    const { credits, dispatcher, onLateRead } = this.options;
    this.#isWell = true;
    for (const { stream, deliveries } of given) {
      for (const delivery of deliveries) credits.learn(bytesOf(delivery));
      const partition = this.#kept(stream);
      if (partition?.isReading) {
        partition.countRead(deliveries);
        dispatcher.addEntries(partition, deliveries);
      } else if (partition) onLateRead(partition);
    }
  }

  #onError(streams: readonly string[]): void {
    this.#isWell = false;
    const { onReadFailed, onLateRead } = this.options;
    for (const stream of streams) {
      const partition = this.#kept(stream);
      if (partition?.isReading) onReadFailed(partition);
      else if (partition) onLateRead(partition);
    }
  }

  /** Of one that is left or handed back, whoever owns it next is given everything again. */
  #kept(stream: string): Partition | undefined {
    const partition = this.options.holdings.get(stream);
    return partition?.isLeaving ? undefined : partition;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  handBackLeases,
  registerPartitions,
  removeMember,
  savePositions,
  type Taken,
} from '../../db/consumers/leases';
import { startBackfillOnce } from '../../db/consumers/replays';
import type { Delivery } from '../../db/consumers/inbox';
import { Acknowledger } from './acknowledger';
import { Breaker } from './breaker';
import { Credits } from './credits';
import { Dispatcher } from './dispatcher';
import { refillFromOutbox, relayOutbox } from './outbox-relay';
import { channelOf, type GroupOptions } from './group-options';
import { Ownership, tickMs } from './ownership';
import { ParkedInFlight } from './parked-loop';
import { Partition } from './partition';
import { Pulse } from './pulse';
import { readLoop } from './read-loop';
import { replayAll } from './replay-loop';
import { DEFAULT_RETRY_POLICY } from './retry-policy';
import { forgetMembers } from './stream-commands';
import { TakeOver } from './take-over';
import { bytesOf } from './work';

/** Reactions at work at once in one process, unless the consumer says otherwise. */
const DEFAULT_CONCURRENCY = 8;

/**
 * An attempt ends before PostgreSQL ends its transaction, and that before the lease does: a share
 * of the lease.
 */
const ATTEMPT_SHARE = 0.5;

/** Parked and follow-up events are looked for this often, and when someone says so. */
const LOOK_MS = 250;
/** Replays are, too. */
const REPLAY_LOOK_MS = 1_000;
/** Up to where everything is settled is written down this often. */
const SAVE_MS = 2_000;
/** After an error a loop goes on after so long, doubled each time up to the limit. */
const MIN_PAUSE_MS = 250;
const MAX_PAUSE_MS = 2_000;

/** What has stopped reading has come to its end after so long, or never does. */
const READ_END_MS = 1_000;

/** A member's name that was not used for so long is forgotten by the stream's server. */
const FORGET_NAMES_AFTER_MS = 3_600_000;

/** One member: what its loops share. */
export class Member {
  readonly #owned = new Map<string, Partition>();
  readonly #handedBack = new WeakSet<Partition>();
  /** Partitions of which it is not known what was given to us. */
  readonly #unknown = new Map<Partition, 'new' | 'read failed'>();
  readonly #pulse = new Pulse();
  readonly #stopping = new AbortController();
  readonly #credits: Credits;
  readonly #breaker: Breaker;
  readonly #acknowledger: Acknowledger;
  readonly #parked: ParkedInFlight;
  readonly #dispatcher: Dispatcher;
  readonly #takeOver: TakeOver;
  readonly #ownership: Ownership;
  #readRounds = 0;
  #isReadable = true;

  constructor(private readonly options: GroupOptions) {
    const { db, running = {}, logger, broker, group, member } = options;
    const { concurrency = DEFAULT_CONCURRENCY, batchSize = 1, whenParked = 'hold' } = running;
    const limits = { concurrency, batchSize };
    this.#credits = new Credits(limits);
    this.#breaker = new Breaker((isOpen) =>
      logger.warn({ isOpen }, isOpen ? 'what it needs is down: it probes' : 'it goes on'),
    );
    this.#acknowledger = new Acknowledger(broker, group, logger);
    this.#parked = new ParkedInFlight({ db, whenParked, limit: Math.ceil(concurrency / 2) });
    const settling = {
      ...options,
      whenParked,
      retry: { ...DEFAULT_RETRY_POLICY, ...running.retry },
      breaker: this.#breaker,
      attemptTimeoutMs: options.leaseMs * ATTEMPT_SHARE,
    };
    this.#dispatcher = new Dispatcher({
      ...{ settling, limits, logger },
      ...{ acknowledger: this.#acknowledger, parked: this.#parked },
    });
    this.#takeOver = new TakeOver({
      ...{ db, broker, group, member, logger, settling, dispatcher: this.#dispatcher },
      onGroupMade: (stream) => void this.#refill(stream),
    });
    this.#ownership = new Ownership(options, this.#owned, {
      onTaken: (taken) => this.#onTaken(taken),
      onLost: (stream) => this.#onLost(stream),
      onSurplus: (count) => this.#onSurplus(count),
    });
  }

  /** Whether it holds its leases, reads, and reaches what it depends on. */
  get isHealthy(): boolean {
    return this.#ownership.isValid && this.#isReadable && !this.#breaker.isOpen;
  }

  /** Something has changed in the database. */
  wake(): void {
    this.#pulse.wake();
  }

  /** Works until it is stopped. Never rejects. */
  async run(): Promise<void> {
    const { broker, streams, leaseMs } = this.options;
    if (!(await this.#prepare())) return;
    await Promise.all([
      this.#repeat('own', tickMs(leaseMs), () => this.#own()),
      this.#repeat('find back', LOOK_MS, () => this.#findBack()),
      this.#repeat('retry', LOOK_MS, () => this.#retryParked()),
      this.#repeat('replay', REPLAY_LOOK_MS, () => this.#replay()),
      this.#repeat('relay', LOOK_MS, () => this.#relay()),
      this.#repeat('look after', leaseMs / 2, () => this.#lookAfter()),
      this.#repeat('save positions', SAVE_MS, () => this.#save([...this.#owned.values()])),
      ...broker.readTogether(streams).map((together) => this.#read(together)),
    ]);
  }

  /** Finishes what has begun, for so long; hands all back. {@link run} resolves meanwhile. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping.abort();
    this.#pulse.wake();
    const { db, member, broker, streams, logger } = this.options;
    const partitions = [...this.#owned.values()];
    await this.#handBack(partitions, drainMs);
    this.#breaker.stop();
    await removeMember(db, member).catch((err: unknown) =>
      logger.warn({ err }, 'could not sign off: others notice when the lease ends'),
    );
    const forgetting = streams.map((stream) =>
      forgetMembers(broker, stream, this.options, FORGET_NAMES_AFTER_MS).catch(() => undefined),
    );
    await Promise.all(forgetting);
  }

  /** Repeats a duty until the member stops; an error only makes it wait. */
  async #repeat(name: string, intervalMs: number, duty: () => Promise<unknown>): Promise<void> {
    let failures = 0;
    while (!this.#stopping.signal.aborted) {
      try {
        await duty();
        failures = 0;
        await this.#pulse.wait(intervalMs);
      } catch (err) {
        this.options.logger.warn({ err, duty: name, failures }, 'a round failed');
        await sleep(Math.min(MIN_PAUSE_MS * 2 ** failures++, MAX_PAUSE_MS), undefined, {
          signal: this.#stopping.signal,
        }).catch(() => undefined);
      }
    }
  }

  async #prepare(): Promise<boolean> {
    const { db, streams, running, logger } = this.options;
    for (let failures = 0; !this.#stopping.signal.aborted; failures += 1) {
      try {
        await registerPartitions(db, streams);
        if (running?.history === 'all') await startBackfillOnce(db);
        return true;
      } catch (err) {
        logger.warn({ err }, 'could not start');
        await this.#pulse.wait(Math.min(MIN_PAUSE_MS * 2 ** failures, MAX_PAUSE_MS));
      }
    }
    return false;
  }

  async #own(): Promise<void> {
    const { db, member, group } = this.options;
    // Left for an error that nobody foresaw: begun anew under a new number.
    const left = [...this.#owned.values()].filter((one) => one.signal.aborted && !one.isLeaving);
    for (const partition of left) this.#drop(partition);
    const streams = left.map(({ stream }) => stream);
    if (left.length > 0) await handBackLeases(db, { member, streams, channel: channelOf(group) });
    await this.#ownership.tick(this.#health());
  }

  #health() {
    return {
      partitions: this.#owned.size,
      underWay: this.#dispatcher.size,
      isBreakerOpen: this.#breaker.isOpen,
      isReading: this.#isReadable,
    };
  }

  #onTaken({ stream, token, position, wasHandedBack }: Taken): void {
    const partition = new Partition(stream, token, position);
    this.options.logger.debug({ stream, token, wasHandedBack }, 'took over');
    if (wasHandedBack) this.#handedBack.add(partition);
    this.#owned.set(stream, partition);
    this.#unknown.set(partition, 'new');
    this.#pulse.wake();
  }

  #onLost(stream: string): void {
    const partition = this.#owned.get(stream)!;
    this.options.logger.warn({ stream }, 'lost to another');
    this.#drop(partition);
  }

  #drop(partition: Partition): void {
    partition.leave();
    this.#unknown.delete(partition);
    this.#dispatcher.release(partition);
    if (this.#owned.get(partition.stream) === partition) this.#owned.delete(partition.stream);
  }

  #onSurplus(count: number): void {
    const [leaving, staying] = [true, false].map((wanted) =>
      [...this.#owned.values()].filter(({ isLeaving }) => isLeaving === wanted),
    ) as [Partition[], Partition[]];
    if (count <= leaving.length) return;
    const surplus = staying.slice(leaving.length - count);
    void this.#handBack(surplus, this.options.leaseMs * ATTEMPT_SHARE);
  }

  /** Finishes what has begun of these, and lets others have them. */
  async #handBack(partitions: readonly Partition[], drainMs: number): Promise<void> {
    const { db, member, group, logger } = this.options;
    for (const partition of partitions) partition.stopReading();
    await this.#untilReadsEnd();
    for (const partition of partitions) this.#dispatcher.release(partition);
    await this.#untilIdle(partitions, drainMs);
    try {
      await this.#acknowledger.flush();
      await this.#save(partitions.filter(({ signal }) => !signal.aborted));
      const streams = partitions.map(({ stream }) => stream);
      await handBackLeases(db, { member, streams, channel: channelOf(group) });
    } catch (err) {
      logger.warn({ err }, 'could not hand back: others take over when the lease ends');
    }
    for (const partition of partitions) this.#drop(partition);
  }

  /** A read under way may still be given entries, which would then pend with us. */
  async #untilReadsEnd(): Promise<void> {
    const sets = this.options.broker.readTogether(this.options.streams).length;
    const [before, deadline] = [this.#readRounds, performance.now() + READ_END_MS];
    // Each set's loop has then come by at least once since.
    while (this.#readRounds < before + 2 * sets && performance.now() < deadline) {
      if (this.#readingLoops === 0) return;
      await sleep(2);
    }
  }

  async #untilIdle(partitions: readonly Partition[], drainMs: number): Promise<void> {
    const deadline = performance.now() + drainMs;
    const isBusy = () => partitions.some((partition) => this.#dispatcher.isBusy(partition));
    while (isBusy() && performance.now() < deadline) await sleep(2);
    for (const partition of partitions) partition.leave();
    // What was told to stop gives its transaction back.
    while (isBusy() && performance.now() < deadline + READ_END_MS) await sleep(2);
  }

  #readingLoops = 0;

  async #read(together: readonly string[]): Promise<void> {
    this.#readingLoops += 1;
    const options = {
      ...this.options,
      mayRead: (streams: readonly string[]) => this.#mayRead(streams),
      onRead: (deliveries: readonly Delivery[]) => this.#onRead(deliveries),
      onError: (streams: readonly string[]) => this.#onReadError(streams),
    };
    await readLoop(options, together, this.#stopping.signal);
    this.#readingLoops -= 1;
  }

  #mayRead(streams: readonly string[]) {
    this.#readRounds += 1;
    const isAllowed = this.#ownership.isValid && !this.#ownership.isPaused && !this.#breaker.isOpen;
    if (!isAllowed) return { streams: [], credits: 0 };
    return {
      streams: streams.filter((stream) => this.#owned.get(stream)?.isReading),
      credits: this.#credits.available(this.#owned.values()),
    };
  }

  #onRead(deliveries: readonly Delivery[]): void {
    this.#isReadable = true;
    for (const delivery of deliveries) {
      const partition = this.#owned.get(delivery.stream);
      this.#credits.learn(bytesOf(delivery));
      // Whoever owns it next is given it again.
      if (partition?.isReading) this.#dispatcher.addEntries(partition, [delivery]);
    }
  }

  #onReadError(streams: readonly string[]): void {
    this.#isReadable = false;
    for (const stream of streams) {
      const partition = this.#owned.get(stream);
      if (!partition?.isReading) continue;
      partition.isReading = false;
      this.#unknown.set(partition, 'read failed');
    }
    this.#pulse.wake();
  }

  /** Of each partition that we do not know, learns what was given to us; then it is read. */
  async #findBack(): Promise<void> {
    for (const [partition, why] of [...this.#unknown]) {
      const pending =
        why === 'new'
          ? await this.#takeOver.begin(partition)
          : await this.#takeOver.findBack(partition);
      this.#unknown.delete(partition);
      void this.#open(partition, pending, why).catch((err: unknown) => {
        if (partition.signal.aborted) return;
        this.options.logger.warn({ err, stream: partition.stream }, 'could not begin');
        this.#unknown.set(partition, why);
      });
    }
  }

  async #open(
    partition: Partition,
    pending: readonly Delivery[],
    why: 'new' | 'read failed',
  ): Promise<void> {
    if (why === 'new') {
      if (this.#handedBack.has(partition)) this.#dispatcher.addEntries(partition, pending);
      else await this.#takeOver.tryAlone(partition, pending);
      await replayAll(this.#replaying(), partition, { onlyHolding: true });
    } else {
      this.#dispatcher.addEntries(partition, pending);
    }
    partition.startReading();
    this.#isReadable = true;
  }

  async #lookAfter(): Promise<void> {
    for (const partition of this.#reading()) {
      this.#dispatcher.addEntries(partition, await this.#takeOver.lookAfter(partition));
    }
  }

  async #retryParked(): Promise<void> {
    if (this.#ownership.isPaused || this.#breaker.isOpen || !this.#ownership.isValid) return;
    const streams = this.#reading().map(({ stream }) => stream);
    for (const parked of await this.#parked.takeDue(streams)) {
      const partition = this.#owned.get(parked.stream);
      if (!partition) await this.#parked.returned(parked.parkedId);
      // The next of its key, or of the others, may be due.
      else void this.#dispatcher.addParked(partition, parked).then(() => this.#pulse.wake());
    }
  }

  async #replay(): Promise<void> {
    await Promise.all(
      this.#reading().map((partition) =>
        replayAll(this.#replaying(), partition, { onlyHolding: false }).catch((err: unknown) => {
          if (!partition.signal.aborted) throw err;
        }),
      ),
    );
  }

  #replaying() {
    const { db, readArchive, streams } = this.options;
    return {
      ...{ db, readArchive, dispatcher: this.#dispatcher, partitions: streams.length },
      isPaused: () => this.#ownership.isPaused,
    };
  }

  async #relay(): Promise<void> {
    const { db, followUps } = this.options;
    const streams = this.#reading().map(({ stream }) => stream);
    while ((await relayOutbox(db, followUps.append, streams)) > 0) continue;
  }

  async #refill(stream: string): Promise<void> {
    const { db, followUps, logger } = this.options;
    await refillFromOutbox(db, followUps.append, stream).catch((err: unknown) =>
      logger.error({ err, stream }, 'could not append lost follow-up events again'),
    );
  }

  async #save(partitions: readonly Partition[]): Promise<void> {
    const positions = partitions.map(({ stream, inFlight }) => [stream, inFlight.position()]);
    const { db, member } = this.options;
    await savePositions(db, member, new Map(positions as [string, string][]));
  }

  #reading(): Partition[] {
    return [...this.#owned.values()].filter(({ isReading }) => isReading);
  }
}

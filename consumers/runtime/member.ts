import { registerPartitions, removeMember, type Taken } from '../../db/consumers/leases';
import { FOLLOW_UP_WRITTEN } from '../../db/consumers/outbox';
import { findReplayed, startBackfillOnce } from '../../db/consumers/replays';
import { Acknowledger } from './acknowledger';
import { Breaker } from './breaker';
import { Credits } from './credits';
import { Dispatcher } from './dispatcher';
import { Duties } from './duties';
import { channelOf, type GroupOptions } from './group-options';
import { Holdings } from './holdings';
import { Leaving } from './leaving';
import { Opening } from './opening';
import { UNOBSERVED } from './observer';
import { refillFromOutbox, relayOutbox } from './outbox-relay';
import { Ownership, tickMs } from './ownership';
import { ParkedInFlight } from './parked-loop';
import { Partition } from './partition';
import { Pulse } from './pulse';
import { Reading } from './reading';
import { replayAll } from './replay-loop';
import { DEFAULT_RETRY_POLICY } from './retry-policy';
import { forgetMembers } from './stream-commands';
import { TakeOver } from './take-over';

/** Reactions at work at once in one process, unless the consumer says otherwise. */
const DEFAULT_CONCURRENCY = 8;
/** Where events share a transaction, few at once let them gather: it is the transaction that costs. */
const DEFAULT_CONCURRENCY_TOGETHER = 2;

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

/** A member's name that was not used for so long is forgotten by the stream's server. */
const FORGET_NAMES_AFTER_MS = 3_600_000;

/** One member: its parts, and what they tell each other. */
export class Member {
  readonly #holdings = new Holdings();
  /** Partitions of which a replay is under way. */
  readonly #underReplay = new Set<Partition>();
  /** Someone else has changed something. */
  readonly #changed = new Pulse();
  /** There is a partition of which it is not known what was given to us. */
  readonly #unknown = new Pulse();
  /** A parked delivery is settled: the next may be due. */
  readonly #room = new Pulse();
  /** A follow-up event is to be published. */
  readonly #said = new Pulse();
  readonly #stopping = new AbortController();
  readonly #breaker: Breaker;
  readonly #parked: ParkedInFlight;
  readonly #dispatcher: Dispatcher;
  readonly #takeOver: TakeOver;
  readonly #opening: Opening;
  readonly #reading: Reading;
  readonly #leaving: Leaving;
  readonly #ownership: Ownership;

  constructor(private readonly options: GroupOptions) {
    const { db, running = {}, logger, broker, group, observer = UNOBSERVED } = options;
    const { batchSize = 1, whenParked = 'hold' } = running;
    const usual = batchSize > 1 ? DEFAULT_CONCURRENCY_TOGETHER : DEFAULT_CONCURRENCY;
    const { concurrency = usual } = running;
    const limits = { concurrency, batchSize };
    const breaker = new Breaker((isOpen) => {
      logger.warn({ isOpen }, isOpen ? 'what it needs is down: it probes' : 'it goes on');
      observer.breakerChanged(isOpen);
    });
    const acknowledger = new Acknowledger(broker, group, logger);
    const parked = new ParkedInFlight({ db, whenParked, limit: Math.ceil(concurrency / 2) });
    const settling = {
      ...{ ...options, whenParked, breaker, observer },
      retry: { ...DEFAULT_RETRY_POLICY, ...running.retry },
      attemptTimeoutMs: options.leaseMs * ATTEMPT_SHARE,
    };
    const dispatcher = new Dispatcher({ settling, limits, acknowledger, parked, logger });
    this.#breaker = breaker;
    this.#parked = parked;
    this.#dispatcher = dispatcher;
    this.#takeOver = new TakeOver({
      ...{ ...options, settling, dispatcher },
      onGroupMade: (stream) => void this.#refill(stream),
    });
    this.#opening = new Opening({
      ...{ takeOver: this.#takeOver, dispatcher, logger },
      replayFirst: (partition) => replayAll(this.#replaying(), partition, { onlyHolding: true }),
      untilReadsEnd: (partition) => this.#reading.untilReadsEnd([partition]),
      isPaused: () => this.#ownership.isPaused,
      onOpened: () => this.#reading.recovered(),
    });
    this.#reading = new Reading({
      ...{ ...options, batchSize, holdings: this.#holdings, dispatcher },
      credits: new Credits(limits),
      mayBegin: () => this.#mayBegin(),
      onReadFailed: (partition) => {
        this.#opening.inDoubt(partition);
        this.#unknown.wake();
      },
      onLateRead: (partition) => this.#opening.readLate(partition),
    });
    this.#leaving = new Leaving({
      ...{ ...options, reading: this.#reading, dispatcher, acknowledger },
      drop: (partition) => this.#drop(partition),
    });
    this.#ownership = new Ownership(options, this.#holdings, {
      onTaken: (taken) => this.#onTaken(taken),
      onLost: (partition) => this.#onLost(partition),
      onSurplus: (count) => this.#onSurplus(count),
    });
  }

  /** Whether it holds its leases, reads, and reaches what it depends on. */
  get isHealthy(): boolean {
    return this.#ownership.isValid && this.#reading.isWell && !this.#breaker.isOpen;
  }

  /** Something has changed in the database; '' when it may be anything. */
  wake(what: string): void {
    this.#said.wake();
    if (what !== FOLLOW_UP_WRITTEN) this.#changed.wake();
  }

  /** Works until it is stopped. Never rejects. */
  async run(): Promise<void> {
    const { leaseMs, logger } = this.options;
    const stopping = this.#stopping.signal;
    const duties = new Duties(stopping, logger);
    if (!(await duties.untilDone('start', () => this.#prepare()))) return;
    await Promise.all([
      duties.repeat('own', tickMs(leaseMs), () => this.#own(), this.#changed),
      duties.repeat('find back', LOOK_MS, () => this.#opening.findBack(), this.#unknown),
      duties.repeat('retry', LOOK_MS, () => this.#retryParked(), this.#room),
      duties.repeat('replay', REPLAY_LOOK_MS, () => this.#replay()),
      duties.repeat('relay', LOOK_MS, () => this.#relay(), this.#said),
      duties.repeat('look after', leaseMs / 2, () => this.#lookAfter()),
      duties.repeat('save positions', SAVE_MS, () => this.#leaving.save(this.#holdings.all())),
      this.#reading.run(stopping),
    ]);
  }

  /** Finishes what has begun, for so long; hands all back. {@link run} resolves meanwhile. */
  async stop(drainMs: number): Promise<void> {
    this.#stopping.abort();
    const { db, member, broker, streams, logger } = this.options;
    await this.#leaving.handBack(this.#holdings.all(), drainMs);
    this.#breaker.stop();
    await removeMember(db, member, channelOf(this.options.group)).catch((err: unknown) =>
      logger.warn({ err }, 'could not sign off: others notice when the lease ends'),
    );
    const forgetting = streams.map((stream) =>
      forgetMembers(broker, stream, this.options, FORGET_NAMES_AFTER_MS).catch(() => undefined),
    );
    await Promise.all(forgetting);
  }

  async #prepare(): Promise<void> {
    const { db, streams, running } = this.options;
    await registerPartitions(db, streams);
    if (running?.history === 'all') await startBackfillOnce(db);
  }

  #mayBegin(): boolean {
    return this.#ownership.isValid && !this.#ownership.isPaused && this.#breaker.isAttemptWanted;
  }

  async #own(): Promise<void> {
    // Left for an error that nobody foresaw: begun anew under a new number.
    const left = this.#holdings.all().filter((one) => one.signal.aborted && !one.isLeaving);
    for (const partition of left) this.#drop(partition);
    if (left.length > 0) await this.#leaving.release(left);
    await this.#ownership.tick({
      partitions: this.#holdings.size,
      underWay: this.#dispatcher.size,
      isBreakerOpen: this.#breaker.isOpen,
      isReading: this.#reading.isWell,
    });
    if (this.#stopping.signal.aborted) await this.#handBackLate();
  }

  /** What was taken while everything else was being handed back. */
  async #handBackLate(): Promise<void> {
    const late = this.#holdings.all().filter(({ isLeaving }) => !isLeaving);
    if (late.length > 0) await this.#leaving.handBack(late, 0);
  }

  #onTaken({ stream, token, position, wasHandedBack }: Taken): void {
    const partition = new Partition(stream, token, position);
    this.options.logger.debug({ stream, token, wasHandedBack }, 'took over');
    this.#holdings.add(partition);
    this.#opening.taken(partition, wasHandedBack);
    this.#unknown.wake();
  }

  #onLost(partition: Partition): void {
    this.options.logger.warn({ stream: partition.stream }, 'lost to another');
    this.#drop(partition);
  }

  #drop(partition: Partition): void {
    partition.leave();
    this.#opening.left(partition);
    this.#dispatcher.release(partition);
    this.#holdings.remove(partition);
  }

  #onSurplus(count: number): void {
    const staying = this.#holdings.all().filter(({ isLeaving }) => !isLeaving);
    const missing = count - (this.#holdings.size - staying.length);
    if (missing <= 0) return;
    void this.#leaving.handBack(staying.slice(-missing), this.options.leaseMs * ATTEMPT_SHARE);
  }

  async #lookAfter(): Promise<void> {
    for (const partition of this.#holdings.reading()) {
      const isAmiss = await this.#takeOver.isAmiss(partition);
      // Meanwhile it may have been lost, or is being looked through already.
      if (!isAmiss || !partition.isReading) continue;
      this.#opening.inDoubt(partition);
      this.#unknown.wake();
    }
  }

  async #retryParked(): Promise<void> {
    if (!this.#mayBegin()) return;
    const streams = this.#holdings.reading().map(({ stream }) => stream);
    for (const parked of await this.#parked.takeDue(streams)) {
      const partition = this.#holdings.get(parked.stream);
      if (!partition) await this.#parked.returned(parked.parkedId);
      // The next of its key, or of the others, may be due.
      else void this.#dispatcher.addParked(partition, parked).then(() => this.#room.wake());
    }
  }

  /** Sees to it that each partition works through its replays; waits for none of them. */
  async #replay(): Promise<void> {
    const partitions = this.#holdings.reading().filter((one) => !this.#underReplay.has(one));
    if (partitions.length === 0) return;
    const streams = partitions.map(({ stream }) => stream);
    // One question for all of them: mostly there is none.
    const replayed = await findReplayed(this.options.db, streams);
    for (const partition of partitions) {
      if (!partition.isReading || !replayed.has(partition.stream)) continue;
      this.#underReplay.add(partition);
      void replayAll(this.#replaying(), partition, { onlyHolding: false })
        .catch((err: unknown) => {
          if (partition.signal.aborted) return;
          this.options.logger.warn(
            { err, stream: partition.stream },
            'a replay will be tried again',
          );
        })
        .finally(() => this.#underReplay.delete(partition));
    }
  }

  #replaying() {
    const { db, readArchive, streams } = this.options;
    return {
      ...{ db, readArchive, dispatcher: this.#dispatcher, partitions: streams.length },
      isPaused: () => this.#ownership.isPaused,
      tryAlone: this.#takeOver.tryArchived.bind(this.#takeOver),
    };
  }

  async #relay(): Promise<void> {
    const { db, followUps } = this.options;
    const streams = this.#holdings.reading().map(({ stream }) => stream);
    while ((await relayOutbox(db, followUps.append, streams)) > 0) continue;
  }

  async #refill(stream: string): Promise<void> {
    const { db, followUps, logger } = this.options;
    await refillFromOutbox(db, followUps.append, stream).catch((err: unknown) =>
      logger.error({ err, stream }, 'could not append lost follow-up events again'),
    );
  }
}

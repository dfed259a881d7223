import type { Logger } from 'pino';
import type { Database } from '../../db/database';
import { readJournalSequences, readTimeline } from '../../db/timeline';
import { letGoOthers } from '../http/event-stream';
import { TimelineStream } from './timeline-stream';

/** Open at once in this process, each a connection. */
const MAX_STREAMS = 2_000;
/** Open at once for one caller. */
const MAX_STREAMS_OF_A_CALLER = 100;
/** One statement for all who follow; the end of a placement is told at once beside it. */
const LOOK_INTERVAL_MS = 500;

/** A key that is revoked works for some seconds at most, also for who follows. */
const CHECK_INTERVAL_MS = 2_000;

/** Who follows. */
interface Follower {
  /** Whose share of the streams it takes. */
  readonly caller: string;
  readonly isStillGood: () => Promise<boolean>;
}

/** Everyone who follows an order, and the one look that serves them all. */
export class Timelines {
  readonly #byOrder = new Map<string, Set<TimelineStream>>();
  readonly #byCaller = new Map<string, number>();
  readonly #followers = new Map<TimelineStream, Follower>();
  readonly #checking: NodeJS.Timeout;
  readonly #looking: NodeJS.Timeout;
  #count = 0;
  #isLooking = false;
  #isClosed = false;

  constructor(
    private readonly db: Database,
    private readonly logger: Logger,
  ) {
    this.#looking = setInterval(() => this.#lookAround(), LOOK_INTERVAL_MS);
    this.#checking = setInterval(() => void letGoOthers(this.#credentials()), CHECK_INTERVAL_MS);
  }

  /** Follows an order from after a sequence number on; `full` when too many do already. */
  open(orderId: string, afterSequence: number, follower: Follower): TimelineStream | 'full' {
    const { caller } = follower;
    const ofCaller = this.#byCaller.get(caller) ?? 0;
    const isFull = this.#count >= MAX_STREAMS || ofCaller >= MAX_STREAMS_OF_A_CALLER;
    if (isFull) return 'full';
    const stream = new TimelineStream(orderId, afterSequence, () => this.#remove(stream, caller));
    this.#followers.set(stream, follower);
    this.#count += 1;
    this.#byCaller.set(caller, ofCaller + 1);
    this.#byOrder.set(orderId, (this.#byOrder.get(orderId) ?? new Set()).add(stream));
    this.tell(orderId);
    return stream;
  }

  #remove(stream: TimelineStream, caller: string): void {
    this.#count -= 1;
    this.#followers.delete(stream);
    const left = (this.#byCaller.get(caller) ?? 0) - 1;
    if (left > 0) this.#byCaller.set(caller, left);
    else this.#byCaller.delete(caller);
    const ofOrder = this.#byOrder.get(stream.orderId);
    ofOrder?.delete(stream);
    if (ofOrder?.size === 0) this.#byOrder.delete(stream.orderId);
  }

  /** Something happened to this order. */
  tell(orderId: string): void {
    if (this.#byOrder.has(orderId)) this.#report(this.#catchUp(orderId));
  }

  #lookAround(): void {
    if (this.#count === 0 || this.#isLooking) return;
    this.#isLooking = true;
    this.#report(this.#catchAllUp().finally(() => (this.#isLooking = false)));
  }

  async #catchAllUp(): Promise<void> {
    const reached = await readJournalSequences(this.db, [...this.#byOrder.keys()]);
    for (const [orderId, sequence] of reached) {
      const streams = [...(this.#byOrder.get(orderId) ?? [])];
      if (streams.some(({ seenUpTo }) => seenUpTo < sequence)) await this.#catchUp(orderId);
      for (const stream of streams) stream.seenUpTo = Math.max(stream.seenUpTo, sequence);
    }
  }

  async #catchUp(orderId: string): Promise<void> {
    const streams = [...(this.#byOrder.get(orderId) ?? [])];
    if (streams.length === 0) return;
    const from = Math.min(...streams.map(({ sentUpTo }) => sentUpTo));
    const entries = await readTimeline(this.db, orderId, from);
    for (const stream of streams) stream.send(entries);
  }

  /** What failed is seen at the next look. */
  #report(work: Promise<void>): void {
    work.catch((err: unknown) => this.logger.warn({ err }, 'timelines are late'));
  }

  #credentials() {
    return [...this.#followers].map(([stream, { isStillGood }]) => [stream, isStillGood] as const);
  }

  /** Whether the process stops. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Tells everyone to come back, to another process. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#looking);
    clearInterval(this.#checking);
    for (const ofOrder of this.#byOrder.values()) for (const stream of ofOrder) stream.close();
  }
}

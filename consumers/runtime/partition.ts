import type { Ownership } from '../../db/consumers/inbox';
import { ID_ZERO } from './entry-id';
import { InFlight } from './in-flight';

/** A partition while this member owns it. */
export class Partition implements Ownership {
  readonly inFlight: InFlight;
  /** Keys with something parked: with the policy `hold`, later events of theirs are parked behind. */
  readonly heldKeys = new Set<string>();
  /** New entries are read: its groups are there, and nothing pends that we do not know of. */
  isReading = false;
  /** It is about to be handed back. */
  isLeaving = false;
  #read = { count: 0, lastId: ID_ZERO };
  readonly #attempts = new Set<AbortController>();
  readonly #left = new AbortController();

  constructor(
    readonly stream: string,
    readonly token: number,
    position: string,
  ) {
    this.inFlight = new InFlight(position);
    // Each waiter of each attempt listens to it.
    this.#left.signal.addEventListener('abort', () => this.#abortAttempts(), { once: true });
  }

  /** Aborted when the partition is lost or handed back. */
  get signal(): AbortSignal {
    return this.#left.signal;
  }

  /** How many new entries were read since it was looked through, and up to which. */
  get read(): { readonly count: number; readonly lastId: string } {
    return this.#read;
  }

  /** It is being looked through: what is read now comes after this entry. */
  readFrom(lastId: string): void {
    this.#read = { count: 0, lastId };
  }

  /** New entries were read. */
  countRead(entries: readonly { readonly entryId: string }[]): void {
    const lastId = entries.at(-1)?.entryId ?? this.#read.lastId;
    this.#read = { count: this.#read.count + entries.length, lastId };
  }

  /** All that pends is known. */
  startReading(): void {
    this.isReading = !this.isLeaving && !this.signal.aborted;
  }

  /** It is to be handed back. */
  stopReading(): void {
    this.isLeaving = true;
    this.isReading = false;
  }

  /** Begins nothing more, and tells the attempts under way to stop. */
  leave(): void {
    this.isReading = false;
    this.#left.abort();
  }

  /** Runs an attempt with a signal that is aborted after `timeoutMs`, and when we leave. */
  async withDeadline<Result>(
    timeoutMs: number,
    attempt: (signal: AbortSignal) => Promise<Result>,
  ): Promise<Result> {
    // AbortSignal.any would keep each attempt alive as long as the partition (nodejs/node#54614).
    const controller = new AbortController();
    this.#attempts.add(controller);
    const timer = setTimeout(
      () => controller.abort(new Error(`the attempt took longer than ${timeoutMs} ms`)),
      timeoutMs,
    );
    try {
      return await attempt(controller.signal);
    } finally {
      clearTimeout(timer);
      this.#attempts.delete(controller);
    }
  }

  #abortAttempts(): void {
    for (const controller of this.#attempts) controller.abort(new Error('the partition was left'));
  }
}

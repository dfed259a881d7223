import type { Database } from './database';

/** Orders under way in one worker are some hundreds; of more, the oldest are forgotten. */
const MAX_AT_HAND = 1_000;

/** The next step mostly comes within the second; customers' contacts are not kept for longer. */
const MAX_AGE_MS = 30_000;

/** What a process has just read or written, kept for the next step of the same order. */
export interface AtHand<Value> {
  readonly put: (db: Database, id: string, value: Value) => void;
  /** Takes it away: whoever finds that it is old reads the truth next time. */
  readonly take: (db: Database, id: string) => Value | undefined;
}

/**
 * A place for what is at hand, for each pool its own. It spares a read and proves nothing: only a
 * statement may be built on it that states what it assumes, and changes nothing where that is old.
 */
export function atHand<Value>(maxAgeMs = MAX_AGE_MS): AtHand<Value> {
  const places = new WeakMap<Database, Place<Value>>();
  return {
    put(db, id, value) {
      let place = places.get(db);
      if (!place) places.set(db, (place = new Place<Value>(maxAgeMs)));
      place.put(id, value);
    },
    take: (db, id) => places.get(db)?.take(id),
  };
}

class Place<Value> {
  /** The oldest first. */
  readonly #entries = new Map<string, { value: Value; putAt: number }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly maxAgeMs: number) {}

  put(id: string, value: Value): void {
    this.#entries.delete(id);
    this.#entries.set(id, { value, putAt: performance.now() });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > MAX_AT_HAND) this.#entries.delete(oldest!);
    this.#timer ??= this.#startTimer();
  }

  take(id: string): Value | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry && !this.#isOld(entry) ? entry.value : undefined;
  }

  #startTimer(): NodeJS.Timeout {
    return setTimeout(() => this.#forgetOld(), this.maxAgeMs).unref();
  }

  #forgetOld(): void {
    for (const [id, entry] of this.#entries) {
      if (!this.#isOld(entry)) break;
      this.#entries.delete(id);
    }
    this.#timer = this.#entries.size > 0 ? this.#startTimer() : undefined;
  }

  #isOld({ putAt }: { putAt: number }): boolean {
    return performance.now() - putAt >= this.maxAgeMs;
  }
}

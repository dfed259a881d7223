/** So many events in a row that fail, each for the first time, are no matter of the events. */
const MAX_FAILURES_IN_A_ROW = 20;

/** While open, one attempt is made after so long; doubled while it fails, up to the limit. */
const FIRST_PAUSE_MS = 1_000;
const MAX_PAUSE_MS = 30_000;

/** What an attempt says about the group's dependencies. */
export type Verdict =
  /** They work. */
  | 'well'
  /** They are down. */
  | 'down'
  /** An event failed for the first time, for a reason of its own or not. */
  | 'failed'
  /** Nothing. */
  | 'nothing';

/**
 * Holds attempts back while what they depend on is down, and lets one through from time to time to
 * see; whoever has waited longest. Nothing is lost or charged by waiting.
 */
export class Breaker {
  #isOpen = false;
  #failuresInARow = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #successes = 0;
  readonly #waiting = new Set<() => void>();
  /** The pause is over and nobody has come yet: whoever comes next is the probe. */
  #isProbeFree = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly onChange: (isOpen: boolean) => void = () => undefined) {}

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Whether an attempt may be begun: none is held back, or one is wanted to see. */
  get isAttemptWanted(): boolean {
    return !this.#isOpen || this.#isProbeFree;
  }

  /** Attempts that went well so far. */
  get successes(): number {
    return this.#successes;
  }

  /** Resolves when an attempt may be made; also when the signal is aborted. */
  async enter(signal: AbortSignal): Promise<void> {
    if (!this.#isOpen || signal.aborted) return;
    if (this.#isProbeFree) {
      this.#isProbeFree = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const go = () => {
        this.#waiting.delete(go);
        signal.removeEventListener('abort', go);
        resolve();
      };
      signal.addEventListener('abort', go);
      this.#waiting.add(go);
    });
  }

  /** Tells how an attempt went. */
  leave(verdict: Verdict): void {
    if (verdict === 'well') this.#close();
    if (verdict === 'down') this.#open();
    if (verdict === 'failed' && ++this.#failuresInARow >= MAX_FAILURES_IN_A_ROW) this.#open();
    // Also after a probe that says nothing: it must not be the last.
    if (this.#isOpen) this.#probeLater();
  }

  #close(): void {
    this.#successes += 1;
    this.#failuresInARow = 0;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#isProbeFree = false;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.stop();
    this.onChange(false);
    for (const go of this.#waiting) go();
  }

  #open(): void {
    if (this.#isOpen) return;
    this.#isOpen = true;
    this.onChange(true);
  }

  #probeLater(): void {
    if (this.#timer) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const [probe] = this.#waiting;
      if (probe) probe();
      else this.#isProbeFree = true;
    }, this.#pauseMs);
    this.#pauseMs = Math.min(this.#pauseMs * 2, MAX_PAUSE_MS);
  }

  /** Ends its timer. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

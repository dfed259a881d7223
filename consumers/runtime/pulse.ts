/** Lets a loop wait for a time, or for someone to wake it. */
export class Pulse {
  #wakes = 0;
  readonly #waiting = new Set<() => void>();

  /** How often it was woken so far. */
  get wakes(): number {
    return this.#wakes;
  }

  /** Ends all waits under way, and those that begin with an earlier count. */
  wake(): void {
    this.#wakes += 1;
    for (const go of [...this.#waiting]) go();
  }

  /**
   * Resolves after `ms`, or when woken; at once when it was woken since {@link wakes} was `since`,
   * so that no wake-up is lost that comes while its loop is at work. Also when the signal is aborted.
   */
  async wait(ms: number, since: number, signal: AbortSignal): Promise<void> {
    if (this.#wakes !== since || signal.aborted) return;
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', go);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      signal.addEventListener('abort', go);
      this.#waiting.add(go);
    });
  }
}

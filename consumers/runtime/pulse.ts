/** Lets loops wait for a time, or for someone to wake them. */
export class Pulse {
  readonly #waiting = new Set<() => void>();

  /** Ends all waits under way. */
  wake(): void {
    for (const go of [...this.#waiting]) go();
  }

  /** Resolves after `ms`, or when woken. */
  async wait(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const go = () => {
        clearTimeout(timer);
        this.#waiting.delete(go);
        resolve();
      };
      const timer = setTimeout(go, ms);
      this.#waiting.add(go);
    });
  }
}

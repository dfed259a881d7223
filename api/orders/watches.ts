/** More than this many would hold too many connections open: the next is answered at once. */
const MAX_WATCHES = 5_000;

/** One who waits for news of an order. Watch first, then read: what happens in between is told. */
export class Watch {
  #isTold = false;
  #isClosed = false;
  #wake: () => void = () => undefined;

  constructor(private readonly onClose: (watch: Watch) => void) {}

  /** True once there is nothing more to wait for. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Resolves when there was news since the last call, and at the latest after `timeoutMs`. */
  async next(timeoutMs: number): Promise<void> {
    if (!this.#isTold && !this.#isClosed) await this.#sleep(timeoutMs);
    this.#isTold = false;
  }

  async #sleep(timeoutMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  /** There is news. */
  tell(): void {
    this.#isTold = true;
    this.#wake();
  }

  /** Ends the watch and wakes who waits on it. Safe to repeat. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.onClose(this);
    this.#wake();
  }
}

/** Everyone who waits, by order. */
export class Watches {
  readonly #byOrder = new Map<string, Set<Watch>>();
  #count = 0;

  /** A new watch on this order; undefined when too many wait already. */
  add(orderId: string): Watch | undefined {
    if (this.#count >= MAX_WATCHES) return undefined;
    this.#count += 1;
    const watch = new Watch(() => this.#remove(orderId, watch));
    this.#byOrder.set(orderId, (this.#byOrder.get(orderId) ?? new Set()).add(watch));
    return watch;
  }

  #remove(orderId: string, watch: Watch): void {
    this.#count -= 1;
    const ofOrder = this.#byOrder.get(orderId);
    ofOrder?.delete(watch);
    if (ofOrder?.size === 0) this.#byOrder.delete(orderId);
  }

  /** Tells those who watch this order. */
  tell(orderId: string): void {
    this.#byOrder.get(orderId)?.forEach((watch) => watch.tell());
  }

  /** Tells everyone: something may have been missed. */
  tellAll(): void {
    for (const orderId of this.#byOrder.keys()) this.tell(orderId);
  }

  /** Sends everyone home. */
  closeAll(): void {
    for (const ofOrder of [...this.#byOrder.values()]) ofOrder.forEach((watch) => watch.close());
  }
}

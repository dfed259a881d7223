/** What runs side by side, and how much of it. */
export interface LaneLimits {
  /** Lanes at work at once. */
  readonly concurrency: number;
  /** Items of one lane that are worked on together. */
  readonly batchSize: number;
}

interface Lane<Item> {
  readonly waiting: Item[];
  running: readonly Item[];
}

/**
 * Works on items: those of one lane in the order in which they came, never two batches at once;
 * lanes side by side, up to a limit, the longest waiting first.
 */
export class Lanes<Item> {
  readonly #lanes = new Map<string, Lane<Item>>();
  /** Lanes that have something waiting and are not at work. */
  readonly #ready = new Set<string>();
  #running = 0;
  #size = 0;
  #isStarting = false;

  /** `work` must not reject. */
  constructor(
    private readonly limits: LaneLimits,
    private readonly work: (items: Item[]) => Promise<void>,
  ) {}

  /** Items waiting or at work. */
  get size(): number {
    return this.#size;
  }

  add(name: string, item: Item): void {
    let lane = this.#lanes.get(name);
    if (!lane) this.#lanes.set(name, (lane = { waiting: [], running: [] }));
    lane.waiting.push(item);
    this.#size += 1;
    if (lane.running.length > 0) return;
    this.#ready.add(name);
    this.#startSoon();
  }

  /** Takes out what waits and matches; what is at work goes on. */
  drop(matches: (item: Item) => boolean): Item[] {
    const dropped: Item[] = [];
    for (const [name, lane] of this.#lanes) {
      const kept = lane.waiting.filter((item) => !matches(item));
      if (kept.length === lane.waiting.length) continue;
      dropped.push(...lane.waiting.filter(matches));
      lane.waiting.splice(0, lane.waiting.length, ...kept);
      if (kept.length > 0) continue;
      this.#ready.delete(name);
      if (lane.running.length === 0) this.#lanes.delete(name);
    }
    this.#size -= dropped.length;
    return dropped;
  }

  /** Whether anything that matches waits or is at work. */
  has(matches: (item: Item) => boolean): boolean {
    return [...this.#lanes.values()].some(
      ({ waiting, running }) => running.some(matches) || waiting.some(matches),
    );
  }

  /** Once all that came together is in its lane: alone, the first would be a batch of one. */
  #startSoon(): void {
    if (this.#isStarting) return;
    this.#isStarting = true;
    queueMicrotask(() => {
      this.#isStarting = false;
      this.#startSome();
    });
  }

  #startSome(): void {
    for (const name of this.#ready) {
      if (this.#running >= this.limits.concurrency) return;
      this.#ready.delete(name);
      void this.#run(name, this.#lanes.get(name)!);
    }
  }

  async #run(name: string, lane: Lane<Item>): Promise<void> {
    this.#running += 1;
    const items = lane.waiting.splice(0, this.limits.batchSize);
    lane.running = items;
    await this.work(items);
    this.#running -= 1;
    this.#size -= items.length;
    lane.running = [];
    if (lane.waiting.length > 0) this.#ready.add(name);
    else this.#lanes.delete(name);
    this.#startSome();
  }
}

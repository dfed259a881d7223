import type { Logger } from 'pino';
import type { Broker } from './broker';
import { acknowledge } from './stream-commands';

/** An acknowledgement waits for others so long, or until there are so many. */
const MAX_WAIT_MS = 2;
const MAX_IDS = 512;

/**
 * Acknowledges settled entries, many at a time. Bookkeeping only: an entry whose acknowledgement is
 * lost is found pending later, known from the inbox, and acknowledged again.
 */
export class Acknowledger {
  readonly #ids = new Map<string, string[]>();
  readonly #sending = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly broker: Broker,
    private readonly group: string,
    private readonly logger: Logger,
  ) {}

  add(stream: string, entryId: string): void {
    const ids = this.#ids.get(stream) ?? [];
    if (ids.push(entryId) === 1) this.#ids.set(stream, ids);
    if (ids.length >= MAX_IDS) this.#send(stream);
    else this.#timer ??= setTimeout(() => this.#sendAll(), MAX_WAIT_MS);
  }

  /** Resolves when all that was added has been tried. */
  async flush(): Promise<void> {
    this.#sendAll();
    await Promise.all(this.#sending);
  }

  #sendAll(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const stream of [...this.#ids.keys()]) this.#send(stream);
  }

  #send(stream: string): void {
    const ids = this.#ids.get(stream)!;
    this.#ids.delete(stream);
    const sending = acknowledge(this.broker, this.group, stream, ids)
      .catch((err: unknown) => this.logger.debug({ err, stream }, 'could not acknowledge'))
      .finally(() => this.#sending.delete(sending));
    this.#sending.add(sending);
  }
}

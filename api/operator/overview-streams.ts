import type { Logger } from 'pino';
import { EventStream, letGoOthers } from '../http/event-stream';
import { Problem } from '../http/problem';
import type { Operator } from './operator';

/** Each a browser of somebody on call. */
const MAX_STREAMS = 50;
/** A person reads no faster. */
const TELL_INTERVAL_MS = 1_000;
/** A key that is revoked works for some seconds at most, also for who watches. */
const CHECK_INTERVAL_MS = 2_000;

/** Everyone who watches how everything stands, and the one look that serves them all. */
export class OverviewStreams {
  readonly #streams = new Map<EventStream, () => Promise<boolean>>();
  readonly #telling: NodeJS.Timeout;
  readonly #checking: NodeJS.Timeout;
  #isLooking = false;
  #isClosed = false;

  constructor(
    private readonly operator: Pick<Operator, 'overview'>,
    private readonly logger: Logger,
  ) {
    this.#telling = setInterval(() => void this.#tell(), TELL_INTERVAL_MS);
    this.#checking = setInterval(() => void letGoOthers(this.#streams), CHECK_INTERVAL_MS);
  }

  /** Watches from now on; `full` when too many do already. */
  open(isStillGood: () => Promise<boolean>): EventStream | 'full' {
    if (this.#isClosed) throw new Problem('unavailable', { headers: { 'Retry-After': '1' } });
    if (this.#streams.size >= MAX_STREAMS) return 'full';
    const stream = new EventStream(() => this.#streams.delete(stream));
    this.#streams.set(stream, isStillGood);
    void this.#tell();
    return stream;
  }

  /** Nothing is looked up while nobody watches. */
  async #tell(): Promise<void> {
    if (this.#streams.size === 0 || this.#isLooking) return;
    this.#isLooking = true;
    try {
      const data = await this.operator.overview();
      for (const stream of this.#streams.keys()) stream.send({ name: 'overview', data });
    } catch (err) {
      this.logger.warn({ err }, 'the overview is late');
      const data = { message: 'PostgreSQL does not answer' };
      for (const stream of this.#streams.keys()) stream.send({ name: 'trouble', data });
    } finally {
      this.#isLooking = false;
    }
  }

  /** Tells everyone to come back, to another process. */
  close(): void {
    this.#isClosed = true;
    clearInterval(this.#telling);
    clearInterval(this.#checking);
    for (const stream of this.#streams.keys()) stream.close();
  }
}

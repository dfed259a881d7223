import type { Series } from '../../api/operator/overview-resource';
import type { Database } from '../../db/database';
import { readSeries, type SeriesPoint } from '../../db/overview';

/** Narrow enough to see a burst, wide enough for an hour in 720 points. */
const WIDTH_SECONDS = 5;
const HOUR_SECONDS = 3_600;
/** Points that may still change: what is committed late counts where it was recorded. */
const LIVE_SECONDS = 15;
/** Read at once; an hour of a busy shop is more than one statement may take. */
const SLICE_SECONDS = 300;

/** What happened in the last hour, kept in memory: only what is not known yet is read. */
export class LastHour {
  readonly #points = new Map<number, SeriesPoint>();
  /** Up to where everything is known that happened, in seconds since 1970. */
  #knownUpTo = 0;
  #reading: Promise<void> | undefined;

  constructor(private readonly db: Database) {}

  /** The newest points, which may still change. */
  async live(): Promise<SeriesPoint[]> {
    const now = Date.now() / 1000;
    const points = await this.#read(now - LIVE_SECONDS, now);
    // With no gap since it was last looked at, the past is known without asking for it again.
    if (this.#knownUpTo >= now - LIVE_SECONDS) this.#knownUpTo = now;
    return points;
  }

  /** All of the hour. */
  async all(): Promise<Series> {
    await (this.#reading ??= this.#catchUp().finally(() => (this.#reading = undefined)));
    const oldest = Date.now() / 1000 - HOUR_SECONDS;
    for (const at of this.#points.keys()) if (at < oldest) this.#points.delete(at);
    const data = [...this.#points.values()].sort((a, b) => a.at - b.at);
    return { object: 'series', widthSeconds: WIDTH_SECONDS, data };
  }

  async #catchUp(): Promise<void> {
    const now = Date.now() / 1000;
    const begin = Math.max(now - HOUR_SECONDS, this.#knownUpTo - LIVE_SECONDS);
    for (let from = begin; from < now; from += SLICE_SECONDS) {
      await this.#read(from, Math.min(from + SLICE_SECONDS, now));
    }
    this.#knownUpTo = now;
  }

  async #read(from: number, to: number): Promise<SeriesPoint[]> {
    const points = await readSeries(this.db, {
      fromSeconds: Math.floor(from / WIDTH_SECONDS) * WIDTH_SECONDS,
      toSeconds: Math.ceil(to / WIDTH_SECONDS) * WIDTH_SECONDS,
      widthSeconds: WIDTH_SECONDS,
    });
    for (const point of points) this.#points.set(point.at, point);
    return points;
  }
}

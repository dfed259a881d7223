import type { Kysely } from 'kysely';
import { returnParked, takeDueParked, type ParkedDelivery } from '../../db/consumers/parked';
import type { RuntimeSchema } from '../../db/consumers/tables';

/** What taking up parked deliveries needs. */
export interface ParkedOptions {
  readonly db: Kysely<RuntimeSchema>;
  readonly whenParked: 'hold' | 'skip';
  /** How many may be under way at once. */
  readonly limit: number;
}

/** Which parked deliveries this member has under way. */
export class ParkedInFlight {
  readonly #ids = new Set<number>();
  /** One that was begun before and never settled may end this process: only one such at a time. */
  #suspect: number | undefined;

  constructor(private readonly options: ParkedOptions) {}

  get count(): number {
    return this.#ids.size;
  }

  /** Takes those of these partitions that are due and for which there is room. */
  async takeDue(streams: readonly string[]): Promise<ParkedDelivery[]> {
    const limit = this.options.limit - this.#ids.size;
    if (streams.length === 0 || limit <= 0) return [];
    const taken = await takeDueParked(this.options.db, {
      streams,
      limit,
      suspects: this.#suspect === undefined ? 1 : 0,
      isInOrder: this.options.whenParked === 'hold',
      except: [...this.#ids],
    });
    for (const { parkedId, starts } of taken) {
      this.#ids.add(parkedId);
      if (starts > 1) this.#suspect = parkedId;
    }
    return taken;
  }

  settled(parkedId: number): void {
    this.#ids.delete(parkedId);
    if (this.#suspect === parkedId) this.#suspect = undefined;
  }

  /** It was not begun: that it was taken is not held against it. */
  async returned(parkedId: number): Promise<void> {
    this.settled(parkedId);
    await returnParked(this.options.db, parkedId);
  }
}

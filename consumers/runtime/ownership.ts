import type { Kysely } from 'kysely';
import { renewLeases, takeLease, type Standing, type Taken } from '../../db/consumers/leases';
import type { RuntimeSchema } from '../../db/consumers/tables';
import type { Holdings } from './holdings';
import type { Partition } from './partition';

/** Leases are renewed, and free ones looked for, this often at least. */
const MAX_TICK_MS = 500;

/** A lease is renewed several times before it ends. */
const TICKS_A_LEASE = 4;

/** A failed tick is repeated soon: the leases run out meanwhile. */
export function tickMs(leaseMs: number): number {
  return Math.min(MAX_TICK_MS, leaseMs / TICKS_A_LEASE);
}

/** What owning partitions needs. */
export interface OwnershipOptions {
  readonly db: Kysely<RuntimeSchema>;
  readonly member: string;
  readonly streams: readonly string[];
  readonly leaseMs: number;
}

/** What becomes of the partitions that this member owns. */
export interface OwnershipEvents {
  readonly onTaken: (taken: Taken) => void;
  /** Another has it, or may have: nothing of it can be committed any more. */
  readonly onLost: (partition: Partition) => void;
  /** There are more members now: some of ours are to be handed back. */
  readonly onSurplus: (count: number) => void;
}

/** Which partitions this member owns: as many as its share of all, each by a lease. */
export class Ownership {
  #validUntil = 0;
  #isPaused = false;

  constructor(
    private readonly options: OwnershipOptions,
    private readonly owned: Holdings,
    private readonly events: OwnershipEvents,
  ) {}

  /** Whether the leases last still, by our clock; PostgreSQL checks each effect for itself. */
  get isValid(): boolean {
    return performance.now() < this.#validUntil;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Renews the leases, and takes what is free up to our share. Repeat it every {@link tickMs}. */
  async tick(health: unknown): Promise<void> {
    const startedAt = performance.now();
    const held = this.owned.all().map(({ stream }) => stream);
    const standing = await renewLeases(this.options.db, { ...this.options, held, health });
    // By our clock from before the question: the lease cannot end earlier than that.
    this.#validUntil = startedAt + this.options.leaseMs;
    this.#isPaused = standing.isPaused;
    this.#loseWhatIsLost(standing);
    const share = Math.ceil(this.options.streams.length / standing.members);
    if (this.owned.size > share) this.events.onSurplus(this.owned.size - share);
    await this.#take(standing.free.slice(0, Math.max(share - this.owned.size, 0)));
  }

  async #take(streams: readonly string[]): Promise<void> {
    await Promise.all(
      streams.map(async (stream) => {
        const taken = await takeLease(this.options.db, { ...this.options, stream });
        if (taken) this.events.onTaken(taken);
      }),
    );
  }

  #loseWhatIsLost({ mine }: Standing): void {
    const tokens = new Map(mine.map(({ stream, token }) => [stream, token]));
    for (const partition of this.owned.all()) {
      const isMine = tokens.get(partition.stream) === partition.token;
      if (!isMine) this.events.onLost(partition);
    }
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { takeDueParked, type Delivery } from '../../db/inbox';
import { giveUpCrasher, settle, type Settling } from './settle';
import {
  acknowledge,
  claim,
  ensureGroup,
  forgetMembers,
  listStale,
  readNew,
  type CommandClient,
  type GroupMember,
  type StaleDelivery,
} from './stream-commands';
import { takeBackOwn } from './take-back';

/** Entries of one stream that are read at once: never more than a second's work or so. */
const READ_COUNT = 32;

/** A read waits this long for news; parked deliveries that become due wait as long at most. */
const BLOCK_MS = 1_000;

/**
 * Parked deliveries tried in one round: few, because new ones wait meanwhile. Together they take
 * less long than they are nobody else's.
 */
const PARKED_BATCH = 2;
const PARKED_PUT_OFF_MS = 60_000;

/** How many stale deliveries of a stream are looked at in one round. */
const TAKEOVER_BATCH = 100;

/** A delivery that was begun this often and never settled has ended as many processes. */
const MAX_DELIVERIES = 5;

/** After an error the next round comes so much later, doubled each time up to the limit. */
const MIN_PAUSE_MS = 200;
const MAX_PAUSE_MS = 5_000;

/** A member that was not heard of for this long is forgotten. */
const FORGET_MEMBERS_AFTER_MS = 3_600_000;

/** What one member of a consumer group needs. */
export interface GroupOptions extends Settling, GroupMember {
  /** A connection of its own: its reads block. */
  readonly reader: CommandClient;
  readonly commands: CommandClient;
  readonly streams: readonly string[];
  /** Deliveries that nobody settled for this long are taken over. */
  readonly reclaimIdleMs: number;
  readonly logger: Logger;
}

/** A member at work. */
export interface RunningGroup {
  /** Whether its last round went well. */
  readonly isHealthy: () => boolean;
  /** Ends what it has begun; what it has not begun is taken over by others. */
  readonly stop: () => Promise<void>;
}

/** Runs one member of a consumer group until it is stopped; no error ends it. */
export function runGroup(options: GroupOptions): RunningGroup {
  const stopping = new AbortController();
  const member = new Member(options, stopping.signal);
  const running = member.run();
  return {
    isHealthy: () => member.isHealthy,
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/** One loop: nothing of this member is ever under way twice. */
class Member {
  isHealthy = false;
  /** After an error nobody knows what this member was given and whether its group is there. */
  #isLost = true;
  #lookForStaleAt = 0;

  constructor(
    private readonly options: GroupOptions,
    private readonly stopping: AbortSignal,
  ) {}

  async run(): Promise<void> {
    for (let failures = 0; !this.stopping.aborted;) {
      try {
        await this.#round();
        this.isHealthy = true;
        failures = 0;
      } catch (err) {
        this.isHealthy = false;
        this.#isLost = true;
        failures += 1;
        await this.#recover(err, failures);
      }
    }
  }

  async #round(): Promise<void> {
    if (this.#isLost) await this.#findBack();
    await this.#retryParked();
    if (performance.now() >= this.#lookForStaleAt) await this.#takeOver();
    const { reader, streams } = this.options;
    const query = { streams, count: READ_COUNT, blockMs: BLOCK_MS };
    await this.#settleAll(await readNew(reader, this.options, query));
  }

  /** Makes sure of the groups, then reads again what this member was given before. */
  async #findBack(): Promise<void> {
    const { commands, streams, group } = this.options;
    for (const stream of streams) await ensureGroup(commands, stream, group);
    for (const stream of streams) {
      await this.#settleAll(await takeBackOwn(commands, stream, this.options));
    }
    this.#isLost = false;
  }

  async #retryParked(): Promise<void> {
    const batch = { limit: PARKED_BATCH, putOffMs: PARKED_PUT_OFF_MS };
    for (const delivery of await takeDueParked(this.options.db, batch)) {
      if (this.stopping.aborted) return;
      await settle(this.options, delivery);
    }
  }

  async #takeOver(): Promise<void> {
    const { commands, streams, group, reclaimIdleMs } = this.options;
    for (const stream of streams) {
      const stale = await listStale(commands, stream, {
        group,
        minIdleMs: reclaimIdleMs,
        count: TAKEOVER_BATCH,
      });
      for (const entry of stale) {
        if (this.stopping.aborted) return;
        await this.#takeOverOne(stream, entry);
      }
      await forgetMembers(commands, stream, group, FORGET_MEMBERS_AFTER_MS);
    }
    this.#lookForStaleAt = performance.now() + reclaimIdleMs / 2;
  }

  /** One at a time: only the delivery that is tried now may be blamed for the end of its process. */
  async #takeOverOne(stream: string, { entryId, deliveries }: StaleDelivery): Promise<void> {
    const { commands, group, reclaimIdleMs } = this.options;
    const query = { entryIds: [entryId], minIdleMs: reclaimIdleMs };
    for (const delivery of await claim(commands, stream, this.options, query)) {
      if (deliveries >= MAX_DELIVERIES) await giveUpCrasher(this.options, delivery, deliveries);
      else await settle(this.options, delivery);
      await acknowledge(commands, group, delivery);
    }
  }

  /** Streams side by side, the entries of each one after another: that keeps their order. */
  async #settleAll(deliveries: readonly Delivery[]): Promise<void> {
    const streams = [...new Set(deliveries.map(({ stream }) => stream))];
    const results = await Promise.allSettled(
      streams.map((stream) =>
        this.#settleInOrder(deliveries.filter((delivery) => delivery.stream === stream)),
      ),
    );
    for (const result of results) if (result.status === 'rejected') throw result.reason;
  }

  async #settleInOrder(deliveries: readonly Delivery[]): Promise<void> {
    for (const delivery of deliveries) {
      if (this.stopping.aborted) return;
      await settle(this.options, delivery);
      await acknowledge(this.options.commands, this.options.group, delivery);
    }
  }

  async #recover(err: unknown, failures: number): Promise<void> {
    const pauseMs = Math.min(MIN_PAUSE_MS * 2 ** (failures - 1), MAX_PAUSE_MS);
    const { logger, group } = this.options;
    if (!this.stopping.aborted) logger.warn({ err, group, failures, pauseMs }, 'a round failed');
    await sleep(pauseMs, undefined, { signal: this.stopping }).catch(() => undefined);
  }
}

import type { Delivery } from '../../db/inbox';
import {
  claim,
  listStale,
  type CommandClient,
  type GroupMember,
  type StaleDelivery,
} from './stream-commands';

/** How many stale deliveries of a stream are looked at in one round. */
const BATCH = 100;

/** A delivery that was taken over this often has ended as many processes: it is the culprit. */
const MAX_DELIVERIES = 5;

/** What a takeover found. */
export interface Takeover {
  readonly deliveries: Delivery[];
  /** Deliveries that were never settled by anyone who tried, with how often that was. */
  readonly crashers: { delivery: Delivery; deliveries: number }[];
}

/** Takes over what other members have not settled for `minIdleMs`: they were killed, or hang. */
export async function takeOverStale(
  redis: CommandClient,
  stream: string,
  self: GroupMember,
  minIdleMs: number,
): Promise<Takeover> {
  const { group } = self;
  const stale = await listStale(redis, stream, { group, minIdleMs, count: BATCH });
  const [crashers, others] = split(stale, ({ deliveries }) => deliveries >= MAX_DELIVERIES);
  const entryIds = others.map((entry) => entry.entryId);
  const taken = await claim(redis, stream, self, { entryIds, minIdleMs });
  return { deliveries: taken, crashers: await claimCrashers(redis, stream, self, crashers) };
}

async function claimCrashers(
  redis: CommandClient,
  stream: string,
  self: GroupMember,
  crashers: readonly StaleDelivery[],
): Promise<Takeover['crashers']> {
  const entryIds = crashers.map(({ entryId }) => entryId);
  const counts = new Map(crashers.map(({ entryId, deliveries }) => [entryId, deliveries]));
  const claimed = await claim(redis, stream, self, { entryIds, minIdleMs: 0 });
  return claimed.map((delivery) => ({
    delivery,
    deliveries: counts.get(delivery.entryId) ?? MAX_DELIVERIES,
  }));
}

/**
 * Reads again what this member was given and has not settled: the reply was lost on its way, or
 * PostgreSQL was away. Only while nothing is under way here. Charged to nobody.
 */
export async function takeBackOwn(
  redis: CommandClient,
  stream: string,
  self: GroupMember,
): Promise<Delivery[]> {
  const query = { group: self.group, member: self.member, minIdleMs: 0, count: BATCH };
  const own = await listStale(redis, stream, query);
  const taken: Delivery[] = [];
  for (const { entryId, deliveries } of own) {
    const options = { entryIds: [entryId], minIdleMs: 0, deliveries };
    taken.push(...(await claim(redis, stream, self, options)));
  }
  return taken;
}

function split<T>(items: readonly T[], isFirst: (item: T) => boolean): [T[], T[]] {
  return [items.filter(isFirst), items.filter((item) => !isFirst(item))];
}

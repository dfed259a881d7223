import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { groupInfo, streamInfo } from '../../consumers/runtime/stream-info';
import { countPending } from '../../consumers/runtime/stream-commands';
import { createDatabase } from '../../db/database';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { PARTITION_COUNT, PARTITIONS, streamKey } from '../../events/streams';
import { createLink } from '../../platform/redis';
import type { RedisLink } from '../../platform/redis-link';
import { createBroker } from '../../platform/redis-broker';
import type { BenchGroup } from './groups';

const CAUGHT_UP_LOOK_MS = 10;
const SHARED_TIMEOUT_MS = 30_000;

/** Servers of their own for one measurement. */
export interface Bench {
  readonly system: System;
  readonly redis: RedisLink;
  readonly db: Kysely<unknown>;
}

/** Runs `use` on fresh servers, as `npm start` starts them. */
export async function onBench<Result>(
  use: (bench: Bench) => Promise<Result>,
  { withoutTemporal = true } = {},
): Promise<Result> {
  const options = { name: 'bench', withoutTemporal, withoutWebhooks: true };
  return onScratchSystem(options, async (system) => {
    const onError = () => undefined;
    const url = system.setting('REDIS_URL');
    const redis = createLink({ url, name: 'bench', use: 'commands', onError });
    await redis.connect();
    const databaseUrl = system.setting('DATABASE_URL');
    const db = createDatabase<unknown>({ url: databaseUrl, applicationName: 'bench', onError });
    try {
      return await use({ system, redis, db });
    } finally {
      redis.close();
      await db.destroy();
    }
  });
}

/** A member of a group of the bench in a process of its own. */
export async function startMember(
  { system }: Bench,
  name: string,
  group: BenchGroup,
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const env = { BENCH_GROUP: group, ...more };
  await system.startProgram(name, 'bench/consumers/member.ts', env, { delayMs: 0, max: 0 });
}

/** Resolves when so many members of a group have all its partitions between them. */
export async function untilShared(
  { db }: Bench,
  group: BenchGroup,
  members: number,
): Promise<void> {
  await waitFor(`${members} members to share the partitions`, SHARED_TIMEOUT_MS, async () => {
    const { rows } = await sql<{ owners: number; owned: number }>`
      select count(distinct member)::int as owners, count(member)::int as owned
      from ${sql.id(group, 'leases')} where expires_at > now()`.execute(db);
    const { owners, owned } = rows[0]!;
    return owners === members && owned === PARTITION_COUNT ? true : undefined;
  });
}

/** How much of the streams a group was given, and whether all of that is settled. */
export async function progressOf({ redis }: Bench, group: string) {
  const broker = createBroker(redis, { url: '', name: '', onError: () => undefined });
  let [left, pending] = [0, 0];
  for (const stream of PARTITIONS.map(streamKey)) {
    const info = await streamInfo(broker, stream);
    if (!info) continue;
    const known = await groupInfo(broker, stream, group);
    left += info.removed + info.length - (known?.entriesRead ?? 0);
    pending += known ? (await countPending(broker, stream, group)).total : 0;
  }
  return { left, pending };
}

/** As autovacuum does each minute: plans made for empty tables read them from end to end. */
export async function analyze({ db }: Bench): Promise<void> {
  await sql`analyze`.execute(db);
}

/** What an event cost each of these processes between two readings of {@link cpuMs}, in µs. */
export function cpuUsPerEvent(
  names: readonly string[],
  { before, after, events }: CpuReadings,
): Record<string, number> {
  return Object.fromEntries(
    names.map((name) => [name, Math.round(((after[name]! - before[name]!) * 1000) / events)]),
  );
}

interface CpuReadings {
  readonly before: Readonly<Record<string, number>>;
  readonly after: Readonly<Record<string, number>>;
  readonly events: number;
}

/** Resolves when these groups have settled all that the streams have. */
export async function untilCaughtUp(bench: Bench, groups: readonly string[]): Promise<void> {
  for (;;) {
    const all = await Promise.all(groups.map((group) => progressOf(bench, group)));
    if (all.every(({ left, pending }) => left === 0 && pending === 0)) return;
    await sleep(CAUGHT_UP_LOOK_MS);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { createDatabase, type Database } from '../../db/database';
import { prepareGroup } from '../../dev/group-process';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { createLink } from '../../platform/redis';
import type { RedisLink } from '../../platform/redis-link';
import { streamAccess } from '../../platform/redis-scripts';
import type { SoakResult } from '../soak-command';
import { violationsOf } from './checks';
import { GROUP_NAMES, GROUPS } from './groups';
import { planEvents, publishEvents, recordEvents, type PlannedEvent } from './journal';
import { memberNames, restartMended, startMember, stopMember } from './members';
import { startKilling } from './nemesis';
import { startReconciling } from './reconciling';
import { redriveAll } from './redriving';

const MEMBERS = ['1', '2'];
/** Events come so fast that the groups are always behind, and kills fall into their work. */
const RATE = 200;
const CHUNK = 20;
const SETTLE_TIMEOUT_MS = 300_000;

interface Soak {
  readonly system: System;
  readonly db: Database;
  readonly redis: RedisLink;
  readonly events: readonly PlannedEvent[];
  readonly seed: number;
}

/** Runs the soak on servers of its own. */
export async function soakConsumers(options: {
  events: number;
  seed: number;
}): Promise<SoakResult> {
  return onScratchSystem({ name: 'soak', withoutTemporal: true }, async (system) => {
    const onError = () => undefined;
    const db = createDatabase({
      ...{ url: system.setting('DATABASE_URL'), applicationName: 'soak', onError },
    });
    const url = system.setting('REDIS_URL');
    const redis = createLink({ url, name: 'soak', use: 'commands', onError });
    await redis.connect();
    try {
      const events = planEvents(options.events, options.seed);
      return await soak({ system, db, redis, events, seed: options.seed });
    } finally {
      redis.close();
      await db.destroy();
    }
  });
}

async function soak(run: Soak): Promise<SoakResult> {
  const { db, events } = run;
  await prepareGroups(run);
  await Promise.all(MEMBERS.map((number) => startMember(run.system, number)));
  const began = performance.now();
  const killing = startKilling(run.system, memberNames(MEMBERS), run.seed);
  const reconciling = startReconciling(run.db, run.redis);
  await publishWithFaults(run);
  // The kills go on until everything has an end.
  await untilSettled(run);
  killing.stop();
  const settledSeconds = Math.round((performance.now() - began) / 1000);
  const republished = await reconciling.stop();
  const before = await violations(run, { isMended: false });
  const dead = await countDead(db);

  await Promise.all(MEMBERS.map((number) => restartMended(run.system, number)));
  const redriven = await redriveAll(run.system);
  const after = await violations(run, { isMended: true });
  return {
    figures: {
      'events, groups': `${events.length}, ${GROUP_NAMES.length}`,
      'poison among them': events.filter(({ isPoison }) => isPoison).length,
      'members killed': killing.kills(),
      'everything settled after s': settledSeconds,
      'published again by the reconciler': republished,
      'losses recorded': await countIn(db, 'losses'),
      'dead letters by group': dead,
      'redriven and handled by group': redriven,
    },
    violations: [...before, ...after],
  };
}

async function prepareGroups({ system }: Soak): Promise<void> {
  for (const group of GROUP_NAMES)
    await prepareGroup(system.setting('DATABASE_URL'), GROUPS[group]);
}

/** Publishes at a steady rate; members join, the streams are flushed, and they leave again. */
async function publishWithFaults(run: Soak): Promise<void> {
  const { system, db, redis, events } = run;
  const access = streamAccess(redis);
  const faults = [
    { at: 0.25, strike: () => startMember(system, '3') },
    { at: 0.5, strike: () => redis.sendToAll(['FLUSHALL']) },
    { at: 0.75, strike: () => stopMember(system, '3') },
  ];
  // One after another, however soon the next is due.
  let striking: Promise<unknown> = Promise.resolve();
  for (let n = 0; n < events.length; n += CHUNK) {
    const chunk = events.slice(n, n + CHUNK);
    await recordEvents(db, chunk);
    await publishEvents(db, access, chunk);
    while (faults[0] && n >= faults[0].at * events.length) {
      const { strike } = faults.shift()!;
      striking = striking.then((): Promise<unknown> => strike());
    }
    await sleep((CHUNK / RATE) * 1000);
  }
  await striking;
}

/** Every group has handled each event, or given it up. */
async function untilSettled({ db, events }: Soak): Promise<void> {
  await waitFor('everything to be settled', SETTLE_TIMEOUT_MS, async () => {
    for (const group of GROUP_NAMES) {
      const { rows } = await sql<{ known: number; parked: number }>`
        select (select count(*) from ${sql.id(group, 'inbox')})
             + (select count(*) from ${sql.id(group, 'dead_letters')}) as known,
               (select count(*) from ${sql.id(group, 'parked')}) as parked`.execute(db);
      const { known, parked } = rows[0]!;
      if (Number(known) < events.length || Number(parked) > 0) return undefined;
    }
    return true;
  });
}

async function violations(
  { db, events }: Soak,
  { isMended }: { isMended: boolean },
): Promise<string[]> {
  const found = await Promise.all(
    GROUP_NAMES.map((group) =>
      violationsOf(db as unknown as Kysely<unknown>, group, { events, isMended }),
    ),
  );
  return found.flat();
}

async function countDead(db: Database): Promise<Record<string, number>> {
  return countIn(db, 'dead_letters');
}

async function countIn(db: Database, table: string): Promise<Record<string, number>> {
  const entries = GROUP_NAMES.map(async (group) => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.id(group, table)}`.execute(db);
    return [group, Number(rows[0]!.count)];
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<string, number>;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { sql, type Kysely } from 'kysely';
import { Groups } from '../../consumers/admin/groups';
import { createReconciliationActivities } from '../../activities/reconciliation';
import { migrateConsumer } from '../../db/consumers/migrate-consumer';
import { redriveProgress, startRedrive } from '../../db/consumers/redrives';
import { createDatabase, type Database } from '../../db/database';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { createLink, type RedisLink } from '../../platform/redis';
import { streamAccess } from '../../platform/redis-scripts';
import { violationsOf } from './checks';
import { GROUP_NAMES, GROUPS, type SoakGroup } from './groups';
import { planEvents, publishEvents, recordEvents, type PlannedEvent } from './journal';
import { startKilling } from './nemesis';

const MEMBERS = ['1', '2'];
const LEASE_SECONDS = 2;
/** Events come so fast that the groups are always behind, and kills fall into their work. */
const RATE = 200;
const CHUNK = 20;
const RECONCILE_EVERY_MS = 10_000;
const RECONCILE_HOURS = 1;
const SETTLE_TIMEOUT_MS = 300_000;
const REDRIVES_PER_SECOND = 500;

/** What a run came to. */
export interface SoakResult {
  readonly figures: Readonly<Record<string, unknown>>;
  readonly violations: string[];
}

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
  await forAll(MEMBERS, (number) => startMember(run, number));
  const began = performance.now();
  const killing = startKilling(run.system, memberNames(MEMBERS), run.seed);
  const reconciling = startReconciling(run);
  await publishWithFaults(run);
  // The kills go on until everything has an end.
  await untilSettled(run);
  killing.stop();
  const settledSeconds = Math.round((performance.now() - began) / 1000);
  const republished = await reconciling.stop();
  const before = await violations(run, { isMended: false });
  const dead = await countDead(db);

  await forAll(MEMBERS, (number) => restartMended(run, number));
  const redriven = await redriveAll(run);
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
  for (const group of GROUP_NAMES) {
    const options = { url: system.setting('DATABASE_URL'), applicationName: 'soak' };
    const db = createDatabase<unknown>({
      ...{ ...options, searchPath: group, onError: () => undefined },
    });
    await migrateConsumer(db, group, GROUPS[group].migrations).finally(() => db.destroy());
  }
}

async function startMember({ system }: Soak, number: string, more = {}): Promise<void> {
  await forAll(GROUP_NAMES, (group) =>
    system.startProgram(
      nameOf(group, number),
      'chaos/consumers/member.ts',
      { SOAK_GROUP: group, CONSUMER_LEASE_SECONDS: String(LEASE_SECONDS), ...more },
      { delayMs: 100, max: 10_000 },
    ),
  );
}

async function stopMember({ system }: Soak, number: string): Promise<void> {
  await forAll(GROUP_NAMES, (group) => system.processes.stop(nameOf(group, number)));
}

async function restartMended(run: Soak, number: string): Promise<void> {
  await stopMember(run, number);
  await startMember(run, number, { SOAK_MENDED: 'true' });
}

function nameOf(group: SoakGroup, number: string): string {
  return `${group}-${number}`;
}

function memberNames(numbers: readonly string[]): string[] {
  return GROUP_NAMES.flatMap((group) => numbers.map((number) => nameOf(group, number)));
}

/** Publishes at a steady rate; members join, the streams are flushed, and they leave again. */
async function publishWithFaults(run: Soak): Promise<void> {
  const { db, redis, events } = run;
  const access = streamAccess(redis);
  const faults = [
    { at: 0.25, strike: () => startMember(run, '3') },
    { at: 0.5, strike: () => redis.sendToAll(['FLUSHALL']) },
    { at: 0.75, strike: () => stopMember(run, '3') },
  ];
  const striking: Promise<unknown>[] = [];
  for (let n = 0; n < events.length; n += CHUNK) {
    const chunk = events.slice(n, n + CHUNK);
    await recordEvents(db, chunk);
    await publishEvents(db, access, chunk);
    while (faults[0] && n >= faults[0].at * events.length) striking.push(faults.shift()!.strike());
    await sleep((CHUNK / RATE) * 1000);
  }
  await Promise.all(striking);
}

/** As its schedule does, but more often. */
function startReconciling({ db, redis }: Soak) {
  const { reconcileStreams } = createReconciliationActivities({
    ...{ db, redis: streamAccess(redis) },
    // Streams are all that is compared here.
    stripe: undefined as never,
  });
  let republished = 0;
  const stopping = new AbortController();
  const rounds = (async () => {
    while (!stopping.signal.aborted) {
      for (let next: number | null = 0; next !== null;) {
        const page = { afterJournalId: next, sinceHours: RECONCILE_HOURS };
        const compared = await reconcileStreams(page);
        republished += compared.republished.length;
        next = compared.next;
      }
      await sleep(RECONCILE_EVERY_MS, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await rounds;
      return republished;
    },
  };
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
  const found = await forAll(GROUP_NAMES, (group) =>
    violationsOf(db as unknown as Kysely<unknown>, group, { events, isMended }),
  );
  return found.flat();
}

async function redriveAll({ system }: Soak): Promise<Record<string, number>> {
  const groups = new Groups(system.setting('DATABASE_URL'), 'soak');
  try {
    const entries = await forAll(GROUP_NAMES, async (group) => [
      group,
      await redriveGroup(groups, group),
    ]);
    return Object.fromEntries(entries) as Record<string, number>;
  } finally {
    await groups.close();
  }
}

async function redriveGroup(groups: Groups, group: SoakGroup): Promise<number> {
  const db = await groups.tables(group);
  const redriveId = await startRedrive(db, {
    ...{ filter: {}, limit: 10_000, ratePerSecond: REDRIVES_PER_SECOND },
    ...{ hasCanary: true, startedBy: 'soak' },
  });
  if (redriveId === undefined) return 0;
  return waitFor(`the redrive of ${group}`, SETTLE_TIMEOUT_MS, async () => {
    const progress = (await redriveProgress(db, redriveId))!;
    return progress.state === 'done' || progress.state === 'stopped'
      ? Number(progress.redriven)
      : undefined;
  });
}

async function countDead(db: Database): Promise<Record<string, number>> {
  return countIn(db, 'dead_letters');
}

async function countIn(db: Database, table: string): Promise<Record<string, number>> {
  const entries = await forAll(GROUP_NAMES, async (group) => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from ${sql.id(group, table)}`.execute(db);
    return [group, Number(rows[0]!.count)];
  });
  return Object.fromEntries(entries) as Record<string, number>;
}

async function forAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  return Promise.all(items.map(work));
}

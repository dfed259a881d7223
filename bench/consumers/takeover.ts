import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { waitFor } from '../../dev/wait';
import { prepareGroup } from '../../dev/group-process';
import { percentile } from '../percentile';
import { GROUPS } from './groups';
import { plainXadd, sampleEvent } from './sample-event';
import { analyze, progressOf, startMember, untilShared, type Bench } from './servers';

const GROUP = 'bench_effects';
const LEASE_SECONDS = 2;
/** Each partition has one every 20 ms on average: a gap is seen that fine. */
const RATE = 400;
const AROUND_MS = 2_000;
const TIMEOUT_MS = 30_000;

/**
 * How long the events of a member's partitions wait at most when it is told to stop, and when it is
 * killed: from when they were published to when their effect was written.
 */
export async function benchTakeover(bench: Bench) {
  await prepareGroup(bench.system.setting('DATABASE_URL'), GROUPS[GROUP]);
  const lease = { CONSUMER_LEASE_SECONDS: String(LEASE_SECONDS) };
  await startMember(bench, 'one', GROUP, lease);
  await startMember(bench, 'two', GROUP, lease);
  await untilShared(bench, GROUP, 2);
  await analyze(bench);
  const quiet = await waitsAround(bench, () => Promise.resolve());
  const stopped = await waitsAround(bench, () => bench.system.processes.stop('two'));
  await startMember(bench, 'three', GROUP, lease);
  await untilShared(bench, GROUP, 2);
  const killed = await waitsAround(bench, async () => {
    process.kill(bench.system.processes.pidOf('three')!, 'SIGKILL');
    await sleep(LEASE_SECONDS * 1000);
  });
  return {
    leaseMs: LEASE_SECONDS * 1000,
    quietP50Ms: percentile(quiet, 0.5),
    quietMaxMs: Math.max(...quiet),
    afterSigtermMaxMs: Math.max(...stopped),
    afterSigkillMaxMs: Math.max(...killed),
  };
}

/** The waits of the events that were published around something, in ms. */
async function waitsAround(bench: Bench, something: () => Promise<void>): Promise<number[]> {
  const start = new Date();
  let isOver = false;
  const publishing = publishUntil(bench, () => isOver);
  await sleep(AROUND_MS);
  await something();
  await sleep(AROUND_MS);
  isOver = true;
  await publishing;
  await waitFor('all to be settled', TIMEOUT_MS, async () => {
    const { left, pending } = await progressOf(bench, GROUP);
    return left === 0 && pending === 0 ? true : undefined;
  });
  const { rows } = await sql<{ ms: number }>`
    select extract(epoch from handled_at - published_at)::float8 * 1000 as ms
    from bench_effects.effects join bench_published using (event_id)
    where published_at > ${start}`.execute(bench.db);
  return rows.map(({ ms }) => Math.round(ms));
}

async function publishUntil({ redis, db }: Bench, isOver: () => boolean): Promise<void> {
  await sql`
    create table if not exists bench_published (event_id text, published_at timestamptz)`.execute(
    db,
  );
  const published: { id: string; at: string }[] = [];
  const start = performance.now();
  const sending: Promise<unknown>[] = [];
  for (let n = 0; !isOver(); await sleep(2)) {
    for (; n < ((performance.now() - start) / 1000) * RATE; n += 1) {
      const event = sampleEvent();
      published.push({ id: event.id, at: new Date().toISOString() });
      sending.push(redis.send('', plainXadd(event)));
    }
  }
  await Promise.all(sending);
  await sql`
    insert into bench_published select id, at::timestamptz
    from jsonb_to_recordset(${JSON.stringify(published)}::jsonb) as one (id text, at text)`.execute(
    db,
  );
}

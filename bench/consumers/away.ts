import { sql } from 'kysely';
import { stockProduct } from '../../dev/catalogue';
import { withDatabase } from '../../dev/with-database';
import { openLoop } from '../saga/load';
import { OutcomeClock } from '../saga/outcome-clock';
import { percentile } from '../percentile';
import { watchLag } from './lag-watch';
import { progressOf, untilCaughtUp, type Bench } from './servers';

const AWAY = 'loyalty';
const OTHERS = ['analytics', 'recommendations', 'fulfilment', 'fraud'];
const RATE = 15;
const WARM_UP_SECONDS = 15;
const SECONDS = 60;
const WORKER = 'away-worker';

/**
 * A consumer is stopped for a minute while orders come in: what the orders and the other consumers
 * notice of it, beside the minute before, and how it catches up.
 */
export async function benchAway(bench: Bench) {
  const { system } = bench;
  const url = system.setting('DATABASE_URL');
  await withDatabase(url, 'bench', async (db) => {
    for (const sku of ['BENCH-A', 'BENCH-B']) await stockProduct(db, sku, 1_000_000);
  });
  await system.startService('saga-worker');
  await system.startService('api');
  await system.startService('consumer-worker', { CONSUMER_GROUPS: OTHERS.join() });
  await startAway(bench);
  const clock = await OutcomeClock.open(url);
  const target = { api: system.ordersApi, clock };
  try {
    await openLoop(target, { orders: RATE * WARM_UP_SECONDS, ratePerSecond: RATE });
    const before = await minute(bench, target);
    await system.processes.stop(WORKER);
    const meanwhile = await minute(bench, target);
    const missed = (await progressOf(bench, AWAY)).left;
    const back = performance.now();
    await startAway(bench);
    const readyMs = Math.round(performance.now() - back);
    await untilCaughtUp(bench, [AWAY]);
    return {
      ...{ before, meanwhile, missed, readyMs },
      caughtUpMs: Math.round(performance.now() - back),
      pointsMissing: await pointsMissing(bench),
    };
  } finally {
    await clock.close();
  }
}

async function startAway({ system }: Bench): Promise<void> {
  const env = { CONSUMER_GROUPS: AWAY };
  await system.startProgram(WORKER, 'workers/consumer-worker.ts', env, { delayMs: 0, max: 0 });
}

async function minute(bench: Bench, target: Parameters<typeof openLoop>[0]) {
  const watch = watchLag(bench, OTHERS);
  const times = await openLoop(target, { orders: RATE * SECONDS, ratePerSecond: RATE });
  const lags = await watch.stop();
  const confirmed = times.map(({ confirmedMs }) => confirmedMs);
  return {
    orders: times.length,
    confirmedP50Ms: Math.round(percentile(confirmed, 0.5)),
    confirmedP99Ms: Math.round(percentile(confirmed, 0.99)),
    othersLagSecondsP50: percentile(lags, 0.5),
    othersLagSecondsP99: percentile(lags, 0.99),
  };
}

/** Confirmed orders without their points. */
async function pointsMissing({ db }: Bench): Promise<number> {
  const { rows } = await sql<{ missing: number }>`
    select count(*)::int as missing from orders.orders as o
    where status = 'confirmed'
      and not exists (select from loyalty.points as p where p.order_id = o.order_id)`.execute(db);
  return rows[0]!.missing;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { stockProduct } from '../../dev/catalogue';
import type { OrdersApi } from '../../dev/post-order';
import { onScratchSystem } from '../../dev/scratch-system';
import { SERVICES, type System } from '../../dev/system';
import { withDatabase } from '../../dev/with-database';
import packages from '../../package.json';
import { postOrders } from '../api/traffic';
import { cpuMs, pidsOf } from '../cpu';
import { writeResults } from '../results-file';

/** What a shop has on a good day. */
const ORDERS_PER_SECOND = 50;
const SECONDS = 20;
/** Until what looks has been compiled, and has its connections. */
const WARM_UP_SECONDS = 10;
const SETTLE_MS = 3_000;
const WATCHERS = 3;

/** What it costs the API that somebody watches the control room, at fifty orders a second. */
export async function benchRoom(only: readonly string[] | undefined): Promise<void> {
  const measured = await onScratchSystem({ name: 'bench' }, measure);
  const rows = Object.entries(measured).map(([what, share]) => [what, `${share} % of a core`]);
  for (const [what = '', value] of rows) console.log(`${what.padEnd(40)}  ${value}`);
  if (!only) writeResults('room', { koa: packages.dependencies.koa }, { summary: rows, measured });
}

async function measure(system: System): Promise<Record<string, number>> {
  await withDatabase(system.setting('DATABASE_URL'), 'bench', async (db) => {
    for (const sku of ['BENCH-A', 'BENCH-B']) await stockProduct(db, sku, 1_000_000);
  });
  await Promise.all(SERVICES.map((service) => system.startService(service)));
  await apiCpu(system);
  const before = await apiCpu(system);
  const stopOne = watch(system.ordersApi);
  await apiCpu(system, WARM_UP_SECONDS);
  const one = await apiCpu(system);
  const others = Array.from({ length: WATCHERS - 1 }, () => watch(system.ordersApi));
  await sleep(SETTLE_MS);
  const several = await apiCpu(system);
  stopOne();
  for (const stop of others) stop();
  await sleep(SETTLE_MS);
  const after = await apiCpu(system);
  const usual = (before + after) / 2;
  return {
    'API, nobody watches, before': before,
    'API, one watches': one,
    [`API, ${WATCHERS} watch`]: several,
    'API, nobody watches, after': after,
    'one who watches adds': round(one - usual),
    [`${WATCHERS} who watch add`]: round(several - usual),
  };
}

/** What the API uses while orders come, in percent of a core. */
async function apiCpu(system: System, seconds = SECONDS): Promise<number> {
  const pids = pidsOf(system);
  const before = cpuMs(pids)['api']!;
  const { errors } = await postOrders(system.ordersApi, {
    ...{ seconds, ratePerSecond: ORDERS_PER_SECOND },
  });
  if (errors > 0) throw new Error(`${errors} orders were not taken`);
  return round((cpuMs(pids)['api']! - before) / (seconds * 10));
}

/** Follows the overview as the page does; returns how to stop. */
function watch({ url, apiKey }: OrdersApi): () => void {
  const stopping = new AbortController();
  const read = async () => {
    const response = await fetch(`${url}/v1/ops/overview/events`, {
      headers: { Authorization: `Bearer ${apiKey}` },
      signal: stopping.signal,
    });
    for await (const chunk of response.body!) void chunk;
  };
  read().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return () => stopping.abort();
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

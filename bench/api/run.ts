import { setTimeout as sleep } from 'node:timers/promises';
import { stockProduct } from '../../dev/catalogue';
import type { OrdersApi } from '../../dev/post-order';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { withDatabase } from '../../dev/with-database';
import packages from '../../package.json';
import { writeResults } from '../results-file';
import { openSlowClients } from './slow-clients';
import { postOrders, type TrafficResult } from './traffic';

const WARM_UP_SECONDS = 5;
const SECONDS = 15;
/** Until they are all there, and the first were thrown out. */
const SLOW_CLIENTS_SETTLE_MS = 6_000;

/** How the API takes orders beside a route that only inserts a row, and beside slow clients. */
export async function benchApi(only: readonly string[] | undefined): Promise<void> {
  const measured = await onScratchSystem({ name: 'bench', withoutTemporal: true }, measure);
  const rows = rowsOf(measured);
  for (const [what, value] of rows) console.log(`${what.padEnd(64)}  ${value}`);
  const versions = {
    koa: packages.dependencies.koa,
    autocannon: packages.devDependencies.autocannon,
  };
  if (!only) writeResults('api', versions, { summary: rows, ...measured });
}

type Measured = Awaited<ReturnType<typeof measure>>;

/** Nobody places the orders: what is measured is the API alone. */
async function measure(system: System) {
  await withDatabase(system.setting('DATABASE_URL'), 'bench', async (db) => {
    for (const sku of ['BENCH-A', 'BENCH-B']) await stockProduct(db, sku, 1_000_000);
  });
  const port = await system.startProgram('one-row', 'bench/api/one-row-server.ts');
  await system.startService('api', { BACKLOG_MAX_PENDING: '1000000' });
  const oneRowApi = { ...system.ordersApi, url: `http://127.0.0.1:${port}` };
  const oneRow = await capacityAndHalf(oneRowApi);
  const ours = await capacityAndHalf(system.ordersApi);
  // The same rate for both, which ours can bear.
  const ratePerSecond = ours.capacity.requestsPerSecond / 2;
  const oneRowAtOurRate = await postOrders(oneRowApi, { seconds: SECONDS, ratePerSecond });
  return { oneRow, ours, oneRowAtOurRate, slow: await besideSlowClients(system, ratePerSecond) };
}

async function capacityAndHalf(api: OrdersApi) {
  await postOrders(api, { seconds: WARM_UP_SECONDS });
  const capacity = await postOrders(api, { seconds: SECONDS });
  const ratePerSecond = capacity.requestsPerSecond / 2;
  return { capacity, half: await postOrders(api, { seconds: SECONDS, ratePerSecond }) };
}

/** The same traffic before, beside and after a thousand clients that do nothing, slowly. */
async function besideSlowClients(system: System, ratePerSecond: number) {
  const api = system.ordersApi;
  const traffic = () => postOrders(api, { seconds: SECONDS, ratePerSecond });
  const before = await traffic();
  const slow = openSlowClients(api, await anyOrder(system));
  await sleep(SLOW_CLIENTS_SETTLE_MS);
  const clients = slow.count();
  const beside = await traffic();
  slow.close();
  return { clients, before, beside, after: await traffic() };
}

async function anyOrder(system: System): Promise<string> {
  return withDatabase(system.setting('DATABASE_URL'), 'bench', async (db) => {
    const found = db.selectFrom('orders.orders').select('order_id').limit(1);
    return (await found.executeTakeFirstOrThrow()).order_id;
  });
}

function rowsOf({ oneRow, ours, oneRowAtOurRate, slow }: Measured) {
  const times = ({ p50Ms, p99Ms, errors }: TrafficResult) => `${p50Ms} / ${p99Ms} / ${errors}`;
  const ratio = (a: number, b: number) => Math.round((a / b) * 100) / 100;
  return [
    ['one row: requests/s, 32 at once', oneRow.capacity.requestsPerSecond],
    ['POST /v1/orders: requests/s, 32 at once', ours.capacity.requestsPerSecond],
    ['… as a share', ratio(ours.capacity.requestsPerSecond, oneRow.capacity.requestsPerSecond)],
    ['one row at half of its capacity: p50 / p99 ms / errors', times(oneRow.half)],
    ['one row at half of ours: p50 / p99 ms / errors', times(oneRowAtOurRate)],
    ['POST /v1/orders at half of its capacity: p50 / p99 ms / errors', times(ours.half)],
    ['… p99 by that of one row at the same rate', ratio(ours.half.p99Ms, oneRowAtOurRate.p99Ms)],
    ['before slow clients: p50 / p99 ms / errors', times(slow.before)],
    [`beside ${slow.clients} slow clients`, times(slow.beside)],
    ['… p99 by that before', ratio(slow.beside.p99Ms, slow.before.p99Ms)],
    ['after them', times(slow.after)],
  ] as const;
}

import { Client, Connection } from '@temporalio/client';
import { sql } from 'kysely';
import type { System } from '../../dev/system';
import { withDatabase } from '../../dev/with-database';
import { orderSagaId } from '../../workflows/messages';
import { countActions } from './actions';
import { cpuMs, pidsOf } from '../cpu';
import { percentile } from '../percentile';
import { closedLoop, openLoop, type OrderTimes, type Target } from './load';
import { OutcomeClock } from './outcome-clock';
import type { Variant } from './variants';

const CONCURRENCY = 32;

/** Long enough for a p99, short enough for three variants. */
const OPEN_LOOP_SECONDS = 15;

/** Actions and events are counted around this many orders. */
const COUNTED_ORDERS = 20;

/** Sagas go on after the confirmation; before CPU or Actions are read they must have ended. */
const QUIET_MS = 2_000;

/** What was measured of one variant; times in milliseconds. */
export interface Measurement {
  readonly ordersPerSecond: number;
  readonly acceptedP50Ms: number;
  readonly confirmedP50Ms: number;
  readonly confirmedP99Ms: number;
  readonly loadedConfirmedP50Ms: number;
  readonly loadedConfirmedP99Ms: number;
  readonly halfLoad: {
    readonly ratePerSecond: number;
    readonly acceptedP50Ms: number;
    readonly acceptedP99Ms: number;
    readonly confirmedP50Ms: number;
    readonly confirmedP99Ms: number;
  };
  readonly cpuMsPerOrder: number;
  readonly cpuMsPerOrderBy: Readonly<Record<string, number>>;
  readonly eventsPerOrder: number;
  readonly actionsPerOrder: number;
}

/** Measures a variant that is up and takes orders at `url`. */
export async function measure(
  system: System,
  { orders, temporal }: Variant,
  url: string,
): Promise<Measurement> {
  const clock = await OutcomeClock.open(system.setting('DATABASE_URL'));
  const target = { api: { ...system.ordersApi, url }, clock };
  try {
    await closedLoop(target, { orders: orders.warmUp, concurrency: CONCURRENCY });
    await analyzeTables(system.setting('DATABASE_URL'));
    await quiet();
    const counted =
      temporal === undefined
        ? { eventsPerOrder: 0, actionsPerOrder: 0 }
        : await countPerOrder(system, target);
    const single = await closedLoop(target, { orders: orders.single, concurrency: 1 });

    const before = cpuMs(pidsOf(system));
    const loaded = await closedLoop(target, { orders: orders.loaded, concurrency: CONCURRENCY });
    await quiet();
    const cpuMsPerOrderBy = perOrder(cpuMs(pidsOf(system)), before, orders.loaded);

    const ratePerSecond = loaded.ordersPerSecond / 2;
    const open = { orders: Math.ceil(ratePerSecond * OPEN_LOOP_SECONDS), ratePerSecond };
    const half = timesOf(await openLoop(target, open));
    const { acceptedP50Ms, confirmedP50Ms, confirmedP99Ms } = timesOf(single.times);
    return {
      ordersPerSecond: round(loaded.ordersPerSecond),
      ...{ acceptedP50Ms, confirmedP50Ms, confirmedP99Ms },
      loadedConfirmedP50Ms: timesOf(loaded.times).confirmedP50Ms,
      loadedConfirmedP99Ms: timesOf(loaded.times).confirmedP99Ms,
      halfLoad: { ratePerSecond: round(ratePerSecond), ...half },
      cpuMsPerOrder: round(Object.values(cpuMsPerOrderBy).reduce((sum, ms) => sum + ms, 0)),
      cpuMsPerOrderBy,
      ...counted,
    };
  } finally {
    await clock.close();
  }
}

/** As autovacuum does each minute: plans made for empty tables read them from end to end. */
async function analyzeTables(url: string): Promise<void> {
  await withDatabase(url, 'bench', (db) => sql`analyze`.execute(db));
}

async function countPerOrder(system: System, target: Target) {
  const before = await countActions(system.metricsPort!);
  const { times } = await closedLoop(target, { orders: COUNTED_ORDERS, concurrency: 1 });
  await quiet();
  const actions = (await countActions(system.metricsPort!)) - before;
  const connection = await Connection.connect({ address: system.setting('TEMPORAL_ADDRESS') });
  try {
    const saga = new Client({ connection }).workflow.getHandle(orderSagaId(times[0]!.orderId));
    const { events } = await saga.fetchHistory();
    return { eventsPerOrder: events?.length ?? 0, actionsPerOrder: actions / COUNTED_ORDERS };
  } finally {
    await connection.close();
  }
}

function timesOf(times: readonly OrderTimes[]) {
  const accepted = times.map(({ acceptedMs }) => acceptedMs);
  const confirmed = times.map(({ confirmedMs }) => confirmedMs);
  return {
    acceptedP50Ms: round(percentile(accepted, 0.5)),
    acceptedP99Ms: round(percentile(accepted, 0.99)),
    confirmedP50Ms: round(percentile(confirmed, 0.5)),
    confirmedP99Ms: round(percentile(confirmed, 0.99)),
  };
}

function perOrder(
  after: Record<string, number>,
  before: Record<string, number>,
  orders: number,
): Record<string, number> {
  const entries = Object.keys(after).map((name) => [
    name,
    round((after[name]! - before[name]!) / orders),
  ]);
  return Object.fromEntries(entries) as Record<string, number>;
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}

async function quiet(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, QUIET_MS));
}

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { createDatabase, type Database } from '../../db/database';
import { findOrder, findOrdersNeedingAttention } from '../../db/orders';
import { requestCancellation } from '../../db/cancellations';
import { scratchFolder } from '../../dev/scratch-folder';
import { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { createRedis } from '../../platform/redis';
import { WORKFLOWS_PATH } from '../../workers/workflow-bundle';
import {
  cancelOrderSagaId,
  DECIDE,
  OPEN_STEPS,
  orderSagaId,
  type OperatorDecision,
} from '../../workflows/messages';
import { violations, type KnownIntent } from '../invariants';
import { allCells, isKillCell, type Cell } from './cells';
import { checkCell } from './check';
import { CALLER, numberCells, SKU, startCell, type RunningCell } from './orders';
import { PLAN_FILE } from './strikes';

const INITIAL_STOCK = 100_000;

/** A cell waits for time limits of several attempts, and for a worker that was killed. */
const CELL_TIMEOUT_MS = 240_000;
const POLL_MS = 300;

/** As many as there may be cells in which it is killed. */
const WORKER_RESTARTS = { delayMs: 50, max: 500 };

/** What to run. */
export interface MatrixOptions {
  readonly only: string;
  readonly listOnly?: boolean;
  /** Where the workflows are; a copy of them may be tried. */
  readonly workflowsPath?: string;
  readonly onHistory?: (name: string, json: string) => void;
}

/** Everything that a run works with. */
interface Bench {
  readonly system: System;
  readonly db: Database;
  readonly client: Client;
}

/** Runs the cells on servers of its own; returns how many there were and what went wrong. */
export async function runMatrix(
  options: MatrixOptions,
): Promise<{ cells: number; failures: string[] }> {
  const cells = allCells().filter(({ name }) => name.includes(options.only));
  if (options.listOnly) {
    for (const { name } of cells) console.log(name);
    return { cells: cells.length, failures: [] };
  }
  const folder = scratchFolder('tandem-matrix-');
  const system = new System({ folder: folder.path, usualPorts: false });
  try {
    await Promise.all([system.startPostgres(), system.startRedis(), system.startTemporal()]);
    await system.startDoubles();
    await system.prepareData();
    return { cells: cells.length, failures: await runOn(system, cells, options) };
  } finally {
    await system.processes.stopAll();
    folder.remove();
  }
}

async function runOn(system: System, cells: Cell[], options: MatrixOptions): Promise<string[]> {
  const onError = () => undefined;
  const db = createDatabase({
    url: system.setting('DATABASE_URL'),
    applicationName: 'matrix',
    onError,
  });
  const redis = createRedis({
    url: system.setting('REDIS_URL'),
    name: 'matrix',
    use: 'blocking',
    onError,
  });
  await redis.connect();
  const connection = await Connection.connect({ address: system.setting('TEMPORAL_ADDRESS') });
  const bench = { system, db, client: new Client({ connection }) };
  try {
    await stockShelf(db);
    const running = numberCells(cells);
    const plan = Object.fromEntries(running.map(({ orderId, cell }) => [orderId, cell]));
    writeFileSync(path.join(system.folder, PLAN_FILE), JSON.stringify(plan));
    await startWorker(system, options.workflowsPath ?? WORKFLOWS_PATH);

    const failures = await runAll(
      bench,
      running.filter(({ cell }) => !isKillCell(cell)),
    );
    failures.push(
      ...(await runAll(
        bench,
        running.filter(({ cell }) => isKillCell(cell)),
      )),
    );
    const initialStock = new Map([[SKU, INITIAL_STOCK]]);
    failures.push(
      ...(await violations({ db, redis, initialStock, intents: () => intentsOf(system) })),
    );
    if (options.onHistory) await record(bench, running, options.onHistory);
    return failures.map((failure) => explain(failure, running));
  } finally {
    redis.destroy();
    await Promise.all([db.destroy(), connection.close()]);
  }
}

async function stockShelf(db: Database): Promise<void> {
  const product = { sku: SKU, name: SKU, unit_price_minor: 1_000, currency: 'EUR' };
  await db.insertInto('inventory.products').values(product).execute();
  await db.insertInto('inventory.stock').values({ sku: SKU, on_hand: INITIAL_STOCK }).execute();
}

async function startWorker(system: System, workflowsPath: string): Promise<void> {
  // Bundled once: a killed worker is back sooner.
  const logger = new DefaultLogger('ERROR', () => undefined);
  const { code } = await bundleWorkflowCode({ workflowsPath, logger });
  const bundle = path.join(system.folder, 'workflow-bundle.js');
  writeFileSync(bundle, code);
  const env = { MATRIX_FOLDER: system.folder, MATRIX_BUNDLE: bundle };
  await system.startProgram('matrix-worker', 'chaos/matrix/worker.ts', env, WORKER_RESTARTS);
}

async function runAll(bench: Bench, cells: readonly RunningCell[]): Promise<string[]> {
  const stopping = new AbortController();
  const deciding = decideForPeople(bench, stopping.signal);
  try {
    const found = await Promise.all(cells.map((cell) => runCell(bench, cell)));
    return found.flat();
  } finally {
    stopping.abort();
    await deciding;
  }
}

async function runCell({ db, client }: Bench, running: RunningCell): Promise<string[]> {
  const { cell, orderId } = running;
  try {
    await startCell(db, client, running);
    await untilCompleted(client, orderSagaId(orderId));
    if (cell.isCancelledAfterwards) await requestCancellation(db, orderId, CALLER);
    if (cell.ends === 'cancelled' && (await wasConfirmed(db, orderId))) {
      await untilCompleted(client, cancelOrderSagaId(orderId));
    }
    return await checkCell(db, client, running);
  } catch (error) {
    return [`${cell.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function wasConfirmed(db: Database, orderId: string): Promise<boolean> {
  const order = await findOrder(db, orderId);
  return order?.status === 'confirmed' || order?.paymentStatus === 'refunded';
}

async function untilCompleted(client: Client, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  const ended = await waitFor(`${workflowId} to end`, CELL_TIMEOUT_MS, async () => {
    const { status } = await handle.describe();
    return status.name === 'RUNNING' ? undefined : status.name;
  });
  if (ended !== 'COMPLETED') throw new Error(`${workflowId} is ${ended}`);
}

/** A person who has everything that is raised tried again, until told to stop. */
async function decideForPeople({ db, client }: Bench, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const orders = await findOrdersNeedingAttention(db, 100);
    const sagas = orders.flatMap(({ orderId }) => [
      orderSagaId(orderId),
      cancelOrderSagaId(orderId),
    ]);
    for (const workflowId of sagas) await retryOpenSteps(client, workflowId);
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function retryOpenSteps(client: Client, workflowId: string): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  // Not there, over, or without a worker at the moment: looked at again.
  const open = await handle.query<string[]>(OPEN_STEPS).catch((): string[] => []);
  for (const step of open) {
    const decision = { verb: 'retry', step, by: 'matrix', why: 'it was planned' } as const;
    await handle
      .executeUpdate<void, [OperatorDecision]>(DECIDE, { args: [decision] })
      .catch(() => undefined);
  }
}

async function intentsOf(system: System): Promise<KnownIntent[]> {
  const response = await fetch(`${system.setting('STRIPE_API_BASE')}/simulator/intents`);
  return (await response.json()) as KnownIntent[];
}

/** Names the cell of each order that a violation is about. */
function explain(failure: string, running: readonly RunningCell[]): string {
  const about = running.find(({ orderId }) => failure.includes(orderId));
  return about ? `${failure} (${about.cell.name})` : failure;
}

async function record(
  { client }: Bench,
  running: readonly RunningCell[],
  onHistory: NonNullable<MatrixOptions['onHistory']>,
): Promise<void> {
  for (const { cell, orderId } of running) {
    const id = cell.isCancelledAfterwards ? cancelOrderSagaId(orderId) : orderSagaId(orderId);
    // A saga that did not begin is told of already.
    const history = await client.workflow
      .getHandle(id)
      .fetchHistory()
      .catch(() => undefined);
    if (!history) continue;
    onHistory(cell.name.toLowerCase().replace(/[^a-z]+/g, '-'), historyToJSON(history));
  }
}

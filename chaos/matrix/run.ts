import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection, type Workflow, type WorkflowResultType } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { Database } from '../../db/database';
import { findOrdersNeedingAttention } from '../../db/attention';
import { requestCancellation } from '../../db/cancellations';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { sagasOf } from '../../ops/saga-now';
import type { cancelOrderSaga } from '../../workflows/cancel-order-saga';
import {
  cancelOrderSagaId,
  DECIDE,
  OPEN_STEPS,
  orderSagaId,
  type OperatorDecision,
} from '../../workflows/messages';
import type { orderSaga } from '../../workflows/order-saga';
import { openEvidence } from '../evidence';
import { violations } from '../invariants';
import { allCells, isKillCell, type Cell } from './cells';
import { checkCell } from './check';
import { TENANT, numberCells, SKU, startCell, type RunningCell } from './orders';
import { PLAN_FILE } from './strikes';

const INITIAL_STOCK = 100_000;

/** A cell waits for time limits of several attempts, and for a worker that was killed. */
const CELL_TIMEOUT_MS = 240_000;
const POLL_MS = 300;

/** Fewer than the pool has connections: on a slow machine all at once waited too long for one. */
const STARTED_AT_ONCE = 8;

/** As many as there may be cells in which it is killed. */
const WORKER_RESTARTS = { delayMs: 50, max: 500 };

/** What to run. */
export interface MatrixOptions {
  readonly only: string;
  readonly listOnly?: boolean;
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
  const failures = await onScratchSystem({ name: 'matrix' }, (system) =>
    runOn(system, cells, options),
  );
  return { cells: cells.length, failures };
}

async function runOn(system: System, cells: Cell[], options: MatrixOptions): Promise<string[]> {
  const connection = await Connection.connect({ address: system.setting('TEMPORAL_ADDRESS') });
  const evidence = await openEvidence(system, { name: 'matrix', sku: SKU, onHand: INITIAL_STOCK });
  const bench = { system, db: evidence.db, client: new Client({ connection }) };
  try {
    const running = numberCells(cells);
    const plan = Object.fromEntries(running.map(({ orderId, cell }) => [orderId, cell]));
    writeFileSync(path.join(system.folder, PLAN_FILE), JSON.stringify(plan));
    const env = { MATRIX_FOLDER: system.folder };
    await system.startProgram('matrix-worker', 'chaos/matrix/worker.ts', env, WORKER_RESTARTS);

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
    failures.push(...(await violations(evidence)));
    if (options.onHistory) await record(bench, running, options.onHistory);
    return failures.map((failure) => explain(failure, running));
  } finally {
    await Promise.all([evidence.close(), connection.close()]);
  }
}

async function runAll(bench: Bench, cells: readonly RunningCell[]): Promise<string[]> {
  const stopping = new AbortController();
  const deciding = decideForPeople(bench, stopping.signal);
  try {
    const running = await beginAll(bench, cells);
    return (await Promise.all(running)).flat();
  } finally {
    stopping.abort();
    await deciding;
  }
}

/** Begins some at a time, and returns what will be found of each. */
async function beginAll(bench: Bench, cells: readonly RunningCell[]): Promise<Promise<string[]>[]> {
  const running: Promise<string[]>[] = [];
  for (let i = 0; i < cells.length; i += STARTED_AT_ONCE) {
    const few = cells.slice(i, i + STARTED_AT_ONCE);
    const starts = few.map((cell) => startCell(bench.db, bench.client, cell));
    running.push(...few.map((cell, at) => runCell(bench, cell, starts[at]!)));
    await Promise.allSettled(starts);
  }
  return running;
}

async function runCell(
  { db, client }: Bench,
  running: RunningCell,
  start: Promise<void>,
): Promise<string[]> {
  const { cell, orderId } = running;
  try {
    await start;
    const outcome = await untilCompleted<typeof orderSaga>(client, orderSagaId(orderId));
    if (cell.isCancelledAfterwards) await requestCancellation(db, orderId, { tenant: TENANT });
    if (cell.ends === 'cancelled' && outcome.status === 'confirmed') {
      await untilCompleted<typeof cancelOrderSaga>(client, cancelOrderSagaId(orderId));
    }
    return await checkCell(db, client, running);
  } catch (error) {
    return [`${cell.name}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function untilCompleted<Saga extends Workflow>(
  client: Client,
  workflowId: string,
): Promise<WorkflowResultType<Saga>> {
  const handle = client.workflow.getHandle<Saga>(workflowId);
  const deadline = Date.now() + CELL_TIMEOUT_MS;
  await waitFor(`${workflowId} to begin`, CELL_TIMEOUT_MS, () => handle.describe());
  return client.withDeadline(deadline, () => handle.result());
}

/** A person who has everything that is raised tried again, until told to stop. */
async function decideForPeople({ db, client }: Bench, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // A look that fails on a busy machine is taken again.
    const orders = await findOrdersNeedingAttention(db, 100).catch(() => []);
    const sagas = orders.flatMap(({ orderId }) => sagasOf(orderId));
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

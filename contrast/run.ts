import { setTimeout as sleep } from 'node:timers/promises';
import { onCopyOf } from '../dev/copied-tree';
import { delayAnswers } from '../dev/payment-simulator/client';
import { onScratchSystem } from '../dev/scratch-system';
import type { System } from '../dev/system';
import { waitFor } from '../dev/wait';
import { cpuMs, pidsOf } from '../bench/cpu';
import { bundleWorkflows, onChangedTrees, SOURCES } from './changes/apply';
import type { Change, Design, DesignName, KnownOrder } from './design';
import { placeAll } from './load/customers';
import { planOrders, SHELF, type Load } from './load/orders';
import { settle, settledStores } from './measure/evidence';
import { figuresOf, type Figures } from './measure/figures';
import { FAULT_AFTER_MS, PROVIDER_MS, type Scenario } from './scenarios';
import { withTables } from './services';

/** What a design came to under one scenario. */
export interface Outcome extends Figures {
  readonly design: DesignName;
  readonly scenario: string;
  /** What was done to it, and for how long. */
  readonly struck: string;
  readonly struckMs: number;
  /** CPU time of all processes by order, in ms; null where some were started anew meanwhile. */
  readonly cpuMsPerOrder: number | null;
  /** Of a change: confirmed orders of before and of after it for which the new part did its work. */
  readonly coverage?: { readonly before: string; readonly after: string };
}

/** So many that what a process does but once is done, and what it does often is compiled. */
const WARM_UP: Load = { ratePerSecond: 30, seconds: 12 };

/** A new part catches up with what came before it, and then must have done its work. */
const COVERAGE_TIMEOUT_MS = 45_000;

/** How to run them. */
export interface RunOptions {
  readonly designs: readonly Design[];
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  readonly onOutcome: (outcome: Outcome) => void;
  /** The orders before those that are measured. */
  readonly warmUp?: Load;
}

/** Each design on servers of its own, under each scenario, with the same orders. */
export async function runContrast(options: RunOptions): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  await onCopyOf(SOURCES, async (root) => {
    await bundleWorkflows(root);
    for (const design of options.designs) {
      const changes = options.scenarios.flatMap(({ change }) => (change ? [change(design)] : []));
      // Until the design has ended: what was started from a changed tree goes on from there.
      await onChangedTrees(changes, (trees) =>
        runDesign(design, root, options, (change) => trees.get(change), outcomes),
      );
    }
  });
  return outcomes;
}

async function runDesign(
  design: Design,
  root: string,
  options: RunOptions,
  treeOf: (change: Change) => string | undefined,
  outcomes: Outcome[],
): Promise<void> {
  const { withoutTemporal } = design;
  await onScratchSystem({ name: 'contrast', withoutTemporal, root }, async (system) => {
    await design.prepare(system, SHELF);
    await design.start(system);
    await delayAnswers(system.setting('STRIPE_API_BASE'), PROVIDER_MS);
    await warmUp(system, design, options.warmUp ?? WARM_UP);
    for (const scenario of options.scenarios) {
      const change = scenario.change?.(design);
      const changedRoot = change && treeOf(change);
      const run = { design, scenario, change, changedRoot, seed: options.seed };
      const outcome = await strikeOne(system, run);
      outcomes.push(outcome);
      options.onOutcome(outcome);
    }
  });
}

/** The first orders pay for what every process does but once; nobody measures them. */
async function warmUp(system: System, design: Design, load: Load): Promise<void> {
  const planned = planOrders('warm-up', load, 0);
  await placeAll(design.api(system), planned);
  await withTables(system, (db) => settle(system, design, db, planned));
}

interface Run {
  readonly design: Design;
  readonly scenario: Scenario;
  readonly seed: number;
  readonly change: Change | undefined;
  readonly changedRoot: string | undefined;
}

async function strikeOne(system: System, run: Run): Promise<Outcome> {
  const { design, scenario, seed, change } = run;
  const planned = planOrders(scenario.name, scenario.load, seed);
  return withTables(system, async (db) => {
    const availableBefore = await design.available(db);
    const [pids, cpuBefore] = [pidsOf(system), cpuMs(pidsOf(system))];
    const placing = placeAll(design.api(system), planned);
    await sleep(FAULT_AFTER_MS);
    const struckAt = Date.now();
    const struck = await scenario.strike({ ...run, system });
    const healedAt = Date.now();
    const answers = await placing;
    const cpuMsPerOrder = cpuOf(system, { pids, cpuBefore, orders: planned.length });
    const traces = await settle(system, design, db, planned);
    const figures = figuresOf({
      ...{ ...traces, answers, availableBefore, healedAt },
      ...(await settledStores(system, design, db, { orders: traces.orders, availableBefore })),
    });
    const coverage = change && {
      coverage: await coverageOf(() => change.covered(db), traces.orders, {
        ...{ struckAt, healedAt },
        dueAt: new Map(answers.map((one) => [one.planned.order.customer.id, one.dueAt])),
      }),
    };
    const { name } = scenario;
    const said = { struck, struckMs: healedAt - struckAt, cpuMsPerOrder };
    return { design: design.name, scenario: name, ...said, ...figures, ...coverage };
  });
}

function cpuOf(
  system: System,
  before: { pids: Record<string, number>; cpuBefore: Record<string, number>; orders: number },
): number | null {
  const now = pidsOf(system);
  if (Object.entries(now).some(([name, pid]) => before.pids[name] !== pid)) return null;
  const sum = (of: Record<string, number>) => Object.values(of).reduce((all, one) => all + one, 0);
  return (sum(cpuMs(now)) - sum(before.cpuBefore)) / before.orders;
}

/** For how many orders the new part did its work: those that ended before it came, and those placed after. */
async function coverageOf(
  covered: () => Promise<ReadonlySet<string>>,
  orders: readonly KnownOrder[],
  times: { struckAt: number; healedAt: number; dueAt: ReadonlyMap<string, number> },
): Promise<{ before: string; after: string }> {
  const { struckAt, healedAt, dueAt } = times;
  const confirmed = orders.filter(({ status }) => status === 'confirmed');
  const before = confirmed.filter(({ endedAt }) => endedAt!.getTime() < struckAt);
  const after = confirmed.filter(({ customerId }) => dueAt.get(customerId)! >= healedAt);
  const countIn = (known: ReadonlySet<string>, some: readonly KnownOrder[]) =>
    some.filter(({ orderId }) => known.has(orderId)).length;
  await waitFor('the new part', COVERAGE_TIMEOUT_MS, async () =>
    countIn(await covered(), after) === after.length ? true : undefined,
  ).catch(() => undefined);
  const known = await covered();
  const share = (some: readonly KnownOrder[]) => `${countIn(known, some)} of ${some.length}`;
  return { before: share(before), after: share(after) };
}

import type { TemporalFlavour } from '../../dev/servers/temporal';
import type { System } from '../../dev/system';

/** One way to place orders, and how to bring it up. */
export interface Variant {
  readonly name: 'limit' | 'naive' | 'naiveInMemory' | 'ours';
  readonly what: string;
  /** How many orders a measurement takes: enough for a p99, and not for ever. */
  readonly orders: { readonly warmUp: number; readonly single: number; readonly loaded: number };
  /** Undefined: without. */
  readonly temporal?: TemporalFlavour;
  /** Starts its processes; returns the address of its API. */
  readonly start: (system: System) => Promise<string>;
}

/** It is slow: more of them would tell no more. */
const NAIVE_ORDERS = { warmUp: 60, single: 30, loaded: 300 };

async function startNaive(system: System): Promise<string> {
  await system.startProgram('naive-worker', 'bench/saga/naive/worker.ts');
  const port = await system.startProgram('naive', 'bench/saga/naive/server.ts');
  return `http://127.0.0.1:${port}`;
}

/** The variants, in the order in which they are measured. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'limit',
    what: 'plain code, no engine, nothing survives a crash',
    orders: { warmUp: 300, single: 200, loaded: 3_000 },
    start: async (system) =>
      `http://127.0.0.1:${await system.startProgram('limit', 'bench/saga/limit/server.ts')}`,
  },
  {
    name: 'naive',
    what: 'regular activities, temporal server start-dev as it comes, workflows in a file as ours',
    orders: NAIVE_ORDERS,
    temporal: 'as-it-comes',
    start: startNaive,
  },
  {
    name: 'naiveInMemory',
    what: 'the same, and a restart of Temporal loses every order under way',
    orders: NAIVE_ORDERS,
    temporal: 'in-memory',
    start: startNaive,
  },
  {
    name: 'ours',
    what: 'orderSaga, as npm start runs it',
    orders: { warmUp: 300, single: 200, loaded: 1_500 },
    temporal: 'tuned',
    start: async (system) => {
      await system.startService('saga-worker');
      await system.startService('api');
      return system.apiUrl;
    },
  },
];

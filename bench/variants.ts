import type { System } from '../dev/system';

/** One way to place orders, and how to bring it up. */
export interface Variant {
  readonly name: 'limit' | 'naive' | 'ours';
  readonly what: string;
  /** How many orders a measurement takes: enough for a p99, and not for ever. */
  readonly orders: { readonly warmUp: number; readonly single: number; readonly loaded: number };
  readonly temporal: 'none' | 'as-it-comes' | 'tuned';
  /** Starts its processes; returns where it takes orders. */
  readonly start: (system: System) => Promise<string>;
}

const SERVER = '/v1/orders';

/** The variants, in the order in which they are measured. */
export const VARIANTS: readonly Variant[] = [
  {
    name: 'limit',
    what: 'plain code, no engine, nothing survives a crash',
    orders: { warmUp: 300, single: 200, loaded: 3_000 },
    temporal: 'none',
    start: async (system) =>
      `http://127.0.0.1:${await system.startProgram('limit', 'bench/limit/server.ts')}${SERVER}`,
  },
  {
    name: 'naive',
    what: 'regular activities, temporal server start-dev as it comes',
    orders: { warmUp: 40, single: 30, loaded: 200 },
    temporal: 'as-it-comes',
    start: async (system) => {
      await system.startProgram('naive-worker', 'bench/naive/worker.ts');
      const port = await system.startProgram('naive', 'bench/naive/server.ts');
      return `http://127.0.0.1:${port}${SERVER}`;
    },
  },
  {
    name: 'ours',
    what: 'orderSaga, as npm start runs it',
    orders: { warmUp: 300, single: 200, loaded: 1_500 },
    temporal: 'tuned',
    start: async (system) => {
      await system.startService('saga-worker');
      await system.startService('api');
      return `${system.apiUrl}${SERVER}`;
    },
  },
];

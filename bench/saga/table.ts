import type { Measurement } from './measure';

const ROWS: readonly [title: string, value: (measured: Measurement) => number | string][] = [
  ['orders/s, 32 at once', (m) => m.ordersPerSecond],
  ['accepted p50 ms, one at a time', (m) => m.acceptedP50Ms],
  ['confirmed p50 ms, one at a time', (m) => m.confirmedP50Ms],
  ['confirmed p99 ms, one at a time', (m) => m.confirmedP99Ms],
  [
    'confirmed p50 / p99 ms, 32 at once',
    (m) => `${m.loadedConfirmedP50Ms} / ${m.loadedConfirmedP99Ms}`,
  ],
  ['half load: orders/s', (m) => m.halfLoad.ratePerSecond],
  [
    'half load: accepted p50 / p99 ms',
    (m) => `${m.halfLoad.acceptedP50Ms} / ${m.halfLoad.acceptedP99Ms}`,
  ],
  [
    'half load: confirmed p50 / p99 ms',
    (m) => `${m.halfLoad.confirmedP50Ms} / ${m.halfLoad.confirmedP99Ms}`,
  ],
  ['CPU ms an order, all processes', (m) => m.cpuMsPerOrder],
  ['history events an order', (m) => m.eventsPerOrder],
  ['billable Actions an order', (m) => m.actionsPerOrder],
];

/** Prints what was measured, a column a variant, and what the CPU time went to. */
export function printTable(measured: Readonly<Record<string, Measurement>>): void {
  const names = Object.keys(measured);
  const line = (title: string, cells: readonly (number | string)[]) =>
    console.log(`${title.padEnd(38)}${cells.map((cell) => String(cell).padStart(18)).join('')}`);
  line('', names);
  for (const [title, value] of ROWS)
    line(
      title,
      names.map((name) => value(measured[name]!)),
    );
  for (const name of names) {
    const parts = Object.entries(measured[name]!.cpuMsPerOrderBy).map(
      ([part, ms]) => `${part} ${ms}`,
    );
    console.log(`CPU ms an order, ${name}: ${parts.join(', ')}`);
  }
}

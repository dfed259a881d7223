import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Cores are planned to be so busy: what is more waits in queues. */
const BUSY_SHARE = 0.6;

/** Of the consumers that are shipped, and the events that an order has without being shipped. */
const GROUPS = 8;
const EVENTS_AN_ORDER = 2;

const RATES = [100, 1_000, 10_000] as const;

interface Results {
  readonly saga: {
    readonly variants: {
      readonly ours: {
        readonly cpuMsPerOrderBy: Readonly<Record<string, number>>;
        readonly actionsPerOrder: number;
      };
    };
  };
  readonly consumers: {
    readonly effects: { readonly cpuUsPerEvent: Readonly<Record<string, number>> };
    readonly live: {
      readonly groups: number;
      readonly cpuUsPerEvent: Readonly<Record<string, number>>;
    };
  };
}

/**
 * What so many orders a second take, by what one order takes in `bench/results/`: a table in
 * Markdown, one column a rate. It measures nothing: it multiplies.
 */
export function capacityTable(): string {
  const results = { saga: read('saga'), consumers: read('consumers') } as unknown as Results;
  const { cpuMsPerOrderBy: cpu, actionsPerOrder } = results.saga.variants.ours;
  const reactions = GROUPS * EVENTS_AN_ORDER;
  const { live, effects } = results.consumers;
  const single = (part: string) =>
    (measured(live.cpuUsPerEvent, part) / live.groups / 1000) * reactions;
  const batched = (part: string) => (measured(effects.cpuUsPerEvent, part) / 1000) * reactions;
  const rows: [string, (rate: number) => string][] = [
    ['`api`, cores', (rate) => cores(rate * cpu['api']!)],
    ['`saga-worker`, cores', (rate) => cores(rate * cpu['saga-worker']!)],
    [
      'consumers, cores (in batches to one by one)',
      (rate) => `${cores(rate * batched('member'))} to ${cores(rate * single('consumer-worker'))}`,
    ],
    ['PostgreSQL for orders, cores', (rate) => cores(rate * cpu['postgres']!)],
    [
      'PostgreSQL for consumers, cores',
      (rate) => `${cores(rate * batched('postgres'))} to ${cores(rate * single('postgres'))}`,
    ],
    [
      'Redis, cores',
      (rate) =>
        `${cores(rate * (cpu['redis']! + batched('redis')))} to ${cores(rate * (cpu['redis']! + single('redis')))}`,
    ],
    ['Temporal, sagas begun a second', (rate) => thousands(rate)],
    ['Temporal Cloud, Actions a second', (rate) => thousands(rate * actionsPerOrder)],
    ['events in streams a second', (rate) => thousands(rate * EVENTS_AN_ORDER)],
    ['reactions a second', (rate) => thousands(rate * reactions)],
  ];
  return [
    `| orders a second | ${RATES.map(thousands).join(' | ')} |`,
    `| --- | ${RATES.map(() => '---:').join(' | ')} |`,
    ...rows.map(([name, text]) => `| ${name} | ${RATES.map(text).join(' | ')} |`),
  ].join('\n');
}

function measured(cpu: Readonly<Record<string, number>>, part: string): number {
  const us = cpu[part];
  if (typeof us !== 'number') throw new Error(`the results say nothing of ${part}`);
  return us;
}

function read(bench: string): unknown {
  return JSON.parse(readFileSync(path.join(__dirname, 'results', `${bench}.json`), 'utf8'));
}

function cores(cpuMsPerSecond: number): string {
  const wanted = cpuMsPerSecond / 1000 / BUSY_SHARE;
  return wanted < 10 ? wanted.toFixed(1) : thousands(Math.round(wanted));
}

function thousands(count: number): string {
  return count.toLocaleString('en-US');
}

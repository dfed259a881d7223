import packages from '../../package.json';
import { writeResults } from '../results-file';
import { benchBullmq } from './bullmq';
import { benchDrain } from './drain';
import { benchLive } from './live';
import { benchPublish } from './publish';
import { onBench } from './servers';
import { benchTakeover } from './takeover';

/** Enough for some seconds each. */
const NOOP_EVENTS = 150_000;
const EFFECT_EVENTS = 40_000;

/** What is measured, in this order, each on servers of its own. */
const PARTS = {
  publish: () => onBench(benchPublish),
  bullmq: () => onBench(benchBullmq),
  drain: () => onBench((bench) => benchDrain(bench, 'bench_noop', NOOP_EVENTS)),
  effects: () => onBench((bench) => benchDrain(bench, 'bench_effects', EFFECT_EVENTS)),
  live: () => onBench(benchLive),
  takeover: () => onBench(benchTakeover),
};

type Name = keyof typeof PARTS;
type Measured = { [Part in Name]?: Awaited<ReturnType<(typeof PARTS)[Part]>> };

/** Publishes and consumes events, ours beside raw Redis and BullMQ; prints a table and keeps it. */
export async function benchConsumers(only: readonly string[] | undefined): Promise<void> {
  const measured: Measured = {};
  for (const name of Object.keys(PARTS) as Name[]) {
    if (only && !only.includes(name)) continue;
    console.error(`measuring ${name}`);
    Object.assign(measured, { [name]: await PARTS[name]() });
  }
  const rows = rowsOf(measured);
  for (const [what, value] of rows) console.log(`${what.padEnd(64)}${String(value).padStart(14)}`);
  const versions = {
    redisClient: packages.dependencies.redis,
    bullmq: packages.devDependencies.bullmq,
  };
  if (!only)
    writeResults('consumers', versions, { summary: Object.fromEntries(rows), ...measured });
}

function rowsOf({ publish, bullmq, drain, effects, live, takeover }: Measured) {
  const rows: (readonly [what: string, value: number | string] | undefined)[] = [
    publish && ['publish once, events/s', publish.publishOncePerSecond],
    publish && ['… as a share of raw pipelined XADD', publish.ratio],
    bullmq && ["BullMQ's best, jobs that do nothing /s", bullmq.jobsPerSecond],
    drain && ['one group, a handler that does nothing, events/s', drain.eventsPerSecond],
    bullmq &&
      drain && ["… times BullMQ's best", ratio(drain.eventsPerSecond, bullmq.jobsPerSecond)],
    drain && ['… CPU µs an event', cpuText(drain.cpuUsPerEvent)],
    effects && ['one group, an effect in PostgreSQL each, events/s', effects.eventsPerSecond],
    effects && ['… CPU µs an event', cpuText(effects.cpuUsPerEvent)],
    live && [
      `${live.groups} groups live at ${live.eventsPerSecond}/s: greatest lag, s`,
      live.lagSecondsMax,
    ],
    live && ['… CPU µs an event, all groups', cpuText(live.cpuUsPerEvent)],
    takeover && ['an event waits, nothing happening: p50 ms', takeover.quietP50Ms],
    takeover && ['… at most, while a member stops (SIGTERM), ms', takeover.afterSigtermMaxMs],
    takeover && [
      `… at most, when it is killed (lease ${takeover.leaseMs} ms), ms`,
      takeover.afterSigkillMaxMs,
    ],
  ];
  return rows.filter((row) => row !== undefined);
}

function ratio(ours: number, theirs: number): number {
  return Math.round((ours / theirs) * 100) / 100;
}

function cpuText(cpu: Readonly<Record<string, number>>): string {
  return Object.entries(cpu)
    .map(([name, us]) => `${name} ${us}`)
    .join(', ');
}

import packages from '../../package.json';
import { writeResults } from '../results-file';
import { benchAway } from './away';
import { benchBullmq } from './bullmq';
import { benchDrain } from './drain';
import { benchFraud } from './fraud';
import { benchLive } from './live';
import { benchPublish } from './publish';
import { onBench } from './servers';
import { benchTakeover } from './takeover';

/** Enough for some seconds each. */
const NOOP = { group: 'bench_noop', events: 150_000 } as const;
const EFFECTS = { group: 'bench_effects', events: 40_000, members: 1 } as const;

/** What is measured, in this order, each on servers of its own. */
const PARTS = {
  publish: () => onBench(benchPublish),
  bullmq: () => onBench(benchBullmq),
  drain: () => onBench((bench) => benchDrain(bench, { ...NOOP, members: 1 })),
  drainByTwo: () => onBench((bench) => benchDrain(bench, { ...NOOP, members: 2 })),
  effects: () => onBench((bench) => benchDrain(bench, EFFECTS)),
  live: () => onBench(benchLive),
  takeover: () => onBench(benchTakeover),
  fraud: () => onBench(benchFraud),
  away: () => onBench(benchAway, { withoutTemporal: false }),
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
  for (const [what, value] of rows) console.log(`${what.padEnd(64)}  ${value}`);
  const versions = {
    redisClient: packages.dependencies.redis,
    bullmq: packages.devDependencies.bullmq,
  };
  if (!only) writeResults('consumers', versions, { summary: rows, ...measured });
}

type Row = readonly [what: string, value: number | string];

function rowsOf(measured: Measured): Row[] {
  const { publish, bullmq, drain, drainByTwo, effects, live, takeover, fraud, away } = measured;
  return [
    ...(publish ? publishRows(publish) : []),
    ...(drain ? besideRows('in one process', drain, bullmq?.jobsPerSecond.one) : []),
    ...(drainByTwo ? besideRows('in two', drainByTwo, bullmq?.jobsPerSecond.two) : []),
    ...(drain && drainByTwo && bullmq ? [bestBesideBest([drain, drainByTwo], bullmq)] : []),
    ...(effects ? drainRows('an effect in PostgreSQL each', effects) : []),
    ...(live ? liveRows(live) : []),
    ...(takeover ? takeoverRows(takeover) : []),
    ...(fraud
      ? [['a burst is suspected after ms: p50 / max', pair(fraud.p50Ms, fraud.maxMs)] as const]
      : []),
    ...(away ? awayRows(away) : []),
  ];
}

function publishRows({ publishOncePerSecond, ratio: share }: Part<'publish'>): Row[] {
  return [
    ['publish once, events/s', publishOncePerSecond],
    ['… as a share of raw pipelined XADD', share],
  ];
}

function drainRows(what: string, { eventsPerSecond, cpuUsPerEvent }: Part<'drain'>): Row[] {
  return [
    [`one group, ${what}, events/s`, eventsPerSecond],
    ['… CPU µs an event', cpuText(cpuUsPerEvent)],
  ];
}

function besideRows(where: string, ours: Part<'drain'>, theirs: number | undefined): Row[] {
  return [
    ...drainRows(`a handler that does nothing, ${where}`, ours),
    ...(theirs === undefined
      ? []
      : [
          [`BullMQ's best, jobs that do nothing, ${where}, /s`, theirs] as const,
          ['ours / theirs', ratio(ours.eventsPerSecond, theirs)] as const,
        ]),
  ];
}

/** Each as it does most: in one process or in two. */
function bestBesideBest(ours: Part<'drain'>[], { jobsPerSecond }: Part<'bullmq'>): Row {
  const best = Math.max(...ours.map(({ eventsPerSecond }) => eventsPerSecond));
  return [
    'ours / theirs, each at its best',
    ratio(best, Math.max(...Object.values(jobsPerSecond))),
  ];
}

function liveRows({ groups, eventsPerSecond, lagSecondsMax, cpuUsPerEvent }: Part<'live'>): Row[] {
  return [
    [`${groups} groups live at ${eventsPerSecond}/s: greatest lag, s`, lagSecondsMax],
    ['… CPU µs an event, all groups', cpuText(cpuUsPerEvent)],
  ];
}

function takeoverRows(takeover: Part<'takeover'>): Row[] {
  return [
    ['an event waits, nothing happening: p50 ms', takeover.quietP50Ms],
    ['… at most, while a member stops (SIGTERM), ms', takeover.afterSigtermMaxMs],
    [`… at most, when it is killed (lease ${takeover.leaseMs} ms), ms`, takeover.afterSigkillMaxMs],
  ];
}

function awayRows({ before, meanwhile, missed, caughtUpMs, pointsMissing }: Part<'away'>): Row[] {
  const confirmed = (one: typeof before) => pair(one.confirmedP50Ms, one.confirmedP99Ms);
  const lag = (one: typeof before) => pair(one.othersLagSecondsP50, one.othersLagSecondsP99);
  return [
    ['orders confirmed after ms, p50 / p99, the minute before', confirmed(before)],
    ['… while loyalty is stopped', confirmed(meanwhile)],
    ['lag of the other groups s, p50 / p99, the minute before', lag(before)],
    ['… while loyalty is stopped', lag(meanwhile)],
    [`loyalty catches up on ${missed} events after ms, start included`, caughtUpMs],
    ['… orders without their points then', pointsMissing],
  ];
}

type Part<Name extends keyof Measured> = NonNullable<Measured[Name]>;

function pair(a: number, b: number): string {
  return `${a} / ${b}`;
}

function ratio(ours: number, theirs: number): number {
  return Math.round((ours / theirs) * 100) / 100;
}

function cpuText(cpu: Readonly<Record<string, number>>): string {
  return Object.entries(cpu)
    .map(([name, us]) => `${name} ${us}`)
    .join(', ');
}

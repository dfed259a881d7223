import { channelOf } from '../../consumers/runtime/group-options';
import { pauseGroup, resumeGroup } from '../../db/consumers/group-status';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { createDatabase } from '../../db/database';
import { prepareGroup } from '../../dev/group-process';
import { PARTITIONS, streamKey } from '../../events/streams';
import { cpuMs, pidsOf } from '../cpu';
import { GROUPS, type BenchGroup } from './groups';
import { ROUNDS, untilNoneLeft, WARM_UP } from './rounds';
import { appendAll, sampleEvent } from './sample-event';
import {
  analyze,
  cpuUsPerEvent,
  progressOf,
  startMember,
  untilShared,
  type Bench,
} from './servers';

/** So that no timer of a command is left over when it is measured. */
const APPENDED_AT_ONCE = 250;

/** What a group is to catch up with, and in how many processes. */
export interface Backlog {
  readonly group: BenchGroup;
  readonly events: number;
  readonly members: number;
}

/**
 * What a group that has much to catch up with does in a second, from its resuming to the last one
 * settled: the median of some rounds, as that of BullMQ is.
 */
export async function benchDrain(bench: Bench, { group, events, members }: Backlog) {
  await prepareGroup(bench.system.setting('DATABASE_URL'), GROUPS[group]);
  const names = Array.from({ length: members }, (_, n) => `member-${n + 1}`);
  for (const name of names) await startMember(bench, name, group);
  await untilShared(bench, group, members);
  await publish(bench, WARM_UP);
  await untilSettled(bench, group);
  await analyze(bench);

  const rounds = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    await forget(bench);
    const { seconds, ...cpu } = await whilePaused(bench, group, () => publish(bench, events));
    const perEvent = cpuOf(names, { ...cpu, events });
    rounds.push({ eventsPerSecond: Math.round(events / seconds), cpuUsPerEvent: perEvent });
  }
  for (const name of names) await bench.system.processes.stop(name);
  return { ...medianOf(rounds), rounds: rounds.map(({ eventsPerSecond }) => eventsPerSecond) };
}

function medianOf<Round extends { eventsPerSecond: number }>(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.eventsPerSecond - b.eventsPerSecond);
  return sorted[Math.floor(sorted.length / 2)]!;
}

/** What an event cost, all members together. */
function cpuOf(members: readonly string[], readings: Parameters<typeof cpuUsPerEvent>[1]) {
  const us = cpuUsPerEvent(['postgres', 'redis', ...members], readings);
  const member = members.reduce((sum, name) => sum + us[name]!, 0);
  return { postgres: us['postgres']!, redis: us['redis']!, member };
}

/** Does something while the group is paused; returns how long it takes, once resumed, to settle all. */
async function whilePaused(bench: Bench, group: BenchGroup, something: () => Promise<void>) {
  const options = { url: bench.system.setting('DATABASE_URL'), applicationName: 'bench' };
  const onError = () => undefined;
  const db = createDatabase<RuntimeSchema>({ ...options, searchPath: group, onError });
  const channel = channelOf(group);
  try {
    await pauseGroup(db, { channel, by: 'bench', why: 'until all is there' });
    await something();
    const before = cpuMs(pidsOf(bench.system));
    const start = performance.now();
    await resumeGroup(db, channel);
    await untilSettled(bench, group);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, before, after: cpuMs(pidsOf(bench.system)) };
  } finally {
    await db.destroy();
  }
}

/** Removes what is settled, as the trimmer does, so that memory is the same in each round. */
async function forget({ redis }: Bench): Promise<void> {
  for (const stream of PARTITIONS.map(streamKey)) {
    await redis.send(stream, ['XTRIM', stream, 'MAXLEN', '0']);
  }
}

async function publish({ redis }: Bench, howMany: number): Promise<void> {
  for (let left = howMany; left > 0; left -= APPENDED_AT_ONCE) {
    const events = Array.from({ length: Math.min(left, APPENDED_AT_ONCE) }, () => sampleEvent());
    await redis.send('', appendAll(events));
  }
}

async function untilSettled(bench: Bench, group: string): Promise<void> {
  await untilNoneLeft('catching up', async () => {
    const { left, pending } = await progressOf(bench, group);
    return left + pending;
  });
}

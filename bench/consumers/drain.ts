import { setTimeout as sleep } from 'node:timers/promises';
import { prepareGroup } from '../../dev/group-process';
import { cpuMs, pidsOf } from '../cpu';
import { GROUPS, type BenchGroup } from './groups';
import { perSecond } from './in-flight';
import { plainXadd, sampleEvent } from './sample-event';
import { analyze, cpuUsPerEvent, progressOf, startMember, type Bench } from './servers';

const LOOK_MS = 10;
const IN_FLIGHT = 256;
const TIMEOUT_MS = 120_000;
const MEMBER = 'member';

/** What a group that has much to catch up with does in a second, in one process. */
export async function benchDrain(bench: Bench, group: BenchGroup, events: number) {
  await prepareGroup(bench.system.setting('DATABASE_URL'), GROUPS[group]);
  // Once over a few, so that what is measured is neither the first plan nor the first compilation.
  await publish(bench, events / 10);
  await startMember(bench, MEMBER, group);
  await untilSettled(bench, group);
  await bench.system.processes.stop(MEMBER);
  await analyze(bench);

  await publish(bench, events);
  let before: Record<string, number> = {};
  await startMember(bench, MEMBER, group);
  const seconds = await untilSettled(bench, group, () => (before = cpuMs(pidsOf(bench.system))));
  const after = cpuMs(pidsOf(bench.system));
  const perEvent = cpuUsPerEvent(['postgres', 'redis', MEMBER], { before, after, events });
  await bench.system.processes.stop(MEMBER);
  return { eventsPerSecond: Math.round(events / seconds), cpuUsPerEvent: perEvent };
}

async function publish({ redis }: Bench, howMany: number): Promise<void> {
  const events = Array.from({ length: howMany }, () => plainXadd(sampleEvent()));
  await perSecond(events, IN_FLIGHT, (args) => redis.send('', args));
}

/** Seconds from the first that was read to the last that was settled. */
async function untilSettled(
  bench: Bench,
  group: string,
  onBegun: () => void = () => undefined,
): Promise<number> {
  const all = await progressOf(bench, group);
  let began: number | undefined;
  const deadline = performance.now() + TIMEOUT_MS;
  for (let at = performance.now(); at < deadline; at = performance.now()) {
    const { left, pending } = await progressOf(bench, group);
    if (left < all.left && began === undefined) {
      began = at;
      onBegun();
    }
    if (left === 0 && pending === 0) return (performance.now() - (began ?? at)) / 1000;
    await sleep(LOOK_MS);
  }
  throw new Error(`${group} has not caught up within ${TIMEOUT_MS / 1000} s`);
}

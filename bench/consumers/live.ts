import { setTimeout as sleep } from 'node:timers/promises';
import { publishOnce } from '../../events/publish-once';
import { streamAccess } from '../../platform/redis-scripts';
import { cpuMs } from '../cpu';
import { percentile } from '../percentile';
import { watchLag } from './lag-watch';
import { sampleEvent } from './sample-event';
import { pidsOf, progressOf, type Bench } from './servers';

/** Four of the shipped consumers, each with its effects, in one process. */
const GROUPS = ['loyalty', 'analytics', 'recommendations', 'fulfilment'];
const RATE = 500;
const WARM_UP_SECONDS = 5;
const SECONDS = 20;

/** How far four groups are behind while events come at a steady rate, and what an event costs. */
export async function benchLive(bench: Bench) {
  const { system } = bench;
  await system.startService('consumer-worker', { CONSUMER_GROUPS: GROUPS.join() });
  await publishFor(bench, WARM_UP_SECONDS);
  const before = cpuMs(pidsOf(bench));
  const watch = watchLag(bench, GROUPS);
  await publishFor(bench, SECONDS);
  const lags = await watch.stop();
  const after = cpuMs(pidsOf(bench));
  const events = RATE * SECONDS;
  return {
    eventsPerSecond: RATE,
    groups: GROUPS.length,
    lagSecondsP50: percentile(lags, 0.5),
    lagSecondsMax: Math.max(...lags),
    caughtUpMs: await untilCaughtUp(bench),
    cpuUsPerEvent: Object.fromEntries(
      ['postgres', 'redis', 'consumer-worker'].map((name) => [
        name,
        Math.round(((after[name]! - before[name]!) * 1000) / events),
      ]),
    ),
  };
}

/** Open loop: what is late comes all the same. */
async function publishFor({ redis }: Bench, seconds: number): Promise<void> {
  const access = streamAccess(redis);
  const start = performance.now();
  const publishing: Promise<unknown>[] = [];
  for (let n = 0; n < RATE * seconds;) {
    const due = ((performance.now() - start) / 1000) * RATE;
    for (; n < due; n += 1) publishing.push(publishOnce(access, sampleEvent()));
    await sleep(2);
  }
  await Promise.all(publishing);
}

async function untilCaughtUp(bench: Bench): Promise<number> {
  const start = performance.now();
  for (;;) {
    const all = await Promise.all(GROUPS.map((group) => progressOf(bench, group)));
    if (all.every(({ left, pending }) => left === 0 && pending === 0)) break;
    await sleep(10);
  }
  return Math.round(performance.now() - start);
}

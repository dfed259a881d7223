import { setTimeout as sleep } from 'node:timers/promises';
import { publishOnce } from '../../events/publish-once';
import { streamAccess } from '../../platform/redis-scripts';
import { cpuMs, pidsOf } from '../cpu';
import { percentile } from '../percentile';
import { watchLag } from './lag-watch';
import { sampleEvent } from './sample-event';
import { cpuUsPerEvent, untilCaughtUp, type Bench } from './servers';

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
  const before = cpuMs(pidsOf(system));
  const watch = watchLag(bench, GROUPS);
  await publishFor(bench, SECONDS);
  const lags = await watch.stop();
  const after = cpuMs(pidsOf(system));
  return {
    eventsPerSecond: RATE,
    groups: GROUPS.length,
    lagSecondsP50: percentile(lags, 0.5),
    lagSecondsMax: Math.max(...lags),
    caughtUpMs: await catchUpMs(bench),
    cpuUsPerEvent: cpuUsPerEvent(['postgres', 'redis', 'consumer-worker'], {
      ...{ before, after, events: RATE * SECONDS },
    }),
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

async function catchUpMs(bench: Bench): Promise<number> {
  const start = performance.now();
  await untilCaughtUp(bench, GROUPS);
  return Math.round(performance.now() - start);
}

import { publishOnce } from '../../events/publish-once';
import { streamAccess } from '../../platform/redis-scripts';
import { percentile } from '../percentile';
import { perSecond } from './in-flight';
import { plainXadd, sampleEvent } from './sample-event';
import type { Bench } from './servers';

const EVENTS = 20_000;
const IN_FLIGHT = 256;
/** By turns, so that both have the machine's good and bad moments. */
const ROUNDS = 5;

/** Publish once beside a plain XADD, both pipelined, on the same Redis. */
export async function benchPublish({ redis }: Bench) {
  const access = streamAccess(redis);
  const rates = { xadd: [] as number[], publishOnce: [] as number[] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const events = Array.from({ length: EVENTS }, () => sampleEvent());
    rates.xadd.push(
      await perSecond(events, IN_FLIGHT, (event) => redis.send('', plainXadd(event))),
    );
    rates.publishOnce.push(
      await perSecond(events, IN_FLIGHT, (event) => publishOnce(access, event)),
    );
    await redis.sendToAll(['FLUSHALL']);
  }
  const xadd = Math.round(percentile(rates.xadd, 0.5));
  const once = Math.round(percentile(rates.publishOnce, 0.5));
  return { xaddPerSecond: xadd, publishOncePerSecond: once, ratio: round2(once / xadd) };
}

function round2(number: number): number {
  return Math.round(number * 100) / 100;
}

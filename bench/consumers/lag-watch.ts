import { setTimeout as sleep } from 'node:timers/promises';
import { measureLag } from '../../consumers/runtime/lag';
import { PARTITIONS, streamKey } from '../../events/streams';
import { createBroker } from '../../platform/redis-broker';
import type { Bench } from './servers';

const LOOK_MS = 250;

/** The greatest lag of any partition of these groups, in seconds, looked up again and again. */
export function watchLag({ redis }: Bench, groups: readonly string[]) {
  const broker = createBroker(redis, { url: '', name: '', onError: () => undefined });
  const lags: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const seconds: number[] = [];
      for (const group of groups) {
        for (const stream of PARTITIONS.map(streamKey)) {
          const lag = await measureLag(broker, stream, group);
          seconds.push(lag.seconds, lag.oldestPendingSeconds ?? 0);
        }
      }
      lags.push(Math.round(Math.max(...seconds) * 1000) / 1000);
      await sleep(LOOK_MS);
    }
  })();
  return {
    async stop() {
      isOver = true;
      await watching;
      return lags;
    },
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Queue, type ConnectionOptions } from 'bullmq';
import { sampleEvent } from './sample-event';
import type { Bench } from './servers';

export const QUEUE = 'bench';
const JOBS = 60_000;
const WARM_UP_JOBS = 6_000;
const ADDED_AT_ONCE = 1_000;
const CONCURRENCIES = [50, 200, 500];
const WORKERS = [1, 2];
const LOOK_MS = 50;

/** BullMQ's best with the same events and a job that does nothing, in one process and in two. */
export async function benchBullmq(bench: Bench) {
  const best: Record<string, number> = {};
  const by: Record<string, number> = {};
  for (const workers of WORKERS) {
    for (const concurrency of CONCURRENCIES) {
      const rate = await drain(bench, { workers, concurrency });
      by[`${workers} × concurrency ${concurrency}`] = rate;
      best[workers] = Math.max(best[workers] ?? 0, rate);
    }
  }
  return { jobsPerSecond: { one: best[1]!, two: best[2]! }, by };
}

/** Where BullMQ finds Redis. */
export function connectionOf(redisUrl: string): ConnectionOptions {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}

/** Jobs a second, from the queue's resuming to the last one done, by workers that are warm. */
async function drain(
  { system, redis }: Bench,
  { workers, concurrency }: { workers: number; concurrency: number },
): Promise<number> {
  const queue = new Queue<{ event: unknown }>(QUEUE, {
    connection: connectionOf(system.setting('REDIS_URL')),
  });
  const names = Array.from({ length: workers }, (_, n) => `bullmq-${n + 1}`);
  for (const name of names) {
    const env = { BENCH_CONCURRENCY: String(concurrency) };
    await system.startProgram(name, 'bench/consumers/bullmq-worker.ts', env, {
      delayMs: 0,
      max: 0,
    });
  }
  await add(queue, WARM_UP_JOBS);
  await untilDone(queue);

  await queue.pause();
  await add(queue, JOBS);
  const start = performance.now();
  await queue.resume();
  await untilDone(queue);
  const rate = (JOBS / (performance.now() - start)) * 1000;
  for (const name of names) await system.processes.stop(name);
  await queue.close();
  await redis.sendToAll(['FLUSHALL']);
  return Math.round(rate);
}

async function add(queue: Queue<{ event: unknown }>, howMany: number): Promise<void> {
  for (let added = 0; added < howMany; added += ADDED_AT_ONCE) {
    await queue.addBulk(
      Array.from({ length: ADDED_AT_ONCE }, () => ({
        name: 'event',
        data: { event: JSON.parse(sampleEvent().body) as unknown },
        opts: { removeOnComplete: true },
      })),
    );
  }
}

async function untilDone(queue: Queue): Promise<void> {
  while ((await queue.getJobCountByTypes('waiting', 'active')) > 0) await sleep(LOOK_MS);
}

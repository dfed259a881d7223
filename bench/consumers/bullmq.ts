import { Queue, type ConnectionOptions } from 'bullmq';
import { percentile } from '../percentile';
import { ROUNDS, untilNoneLeft, WARM_UP } from './rounds';
import { sampleEvent } from './sample-event';
import type { Bench } from './servers';

export const QUEUE = 'bench';
const JOBS = 60_000;
const ADDED_AT_ONCE = 1_000;
const CONCURRENCIES = [50, 200, 500];
const WORKERS = [1, 2];

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

/** Jobs a second, from the queue's resuming to the last one done, by workers that are warm: the median of some rounds. */
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
  await add(queue, WARM_UP);
  await untilDone(queue);

  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) rates.push(await oneRound(queue));
  for (const name of names) await system.processes.stop(name);
  await queue.close();
  await redis.sendToAll(['FLUSHALL']);
  return Math.round(percentile(rates, 0.5));
}

async function oneRound(queue: Queue<{ event: unknown }>): Promise<number> {
  await queue.pause();
  await add(queue, JOBS);
  const start = performance.now();
  await queue.resume();
  await untilDone(queue);
  return (JOBS / (performance.now() - start)) * 1000;
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
  await untilNoneLeft('the jobs', () => queue.getJobCountByTypes('waiting', 'active'));
  const failed = await queue.getFailedCount();
  if (failed > 0) throw new Error(`${failed} jobs failed`);
}

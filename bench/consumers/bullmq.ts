import { Queue, type ConnectionOptions } from 'bullmq';
import { waitFor } from '../../dev/wait';
import { sampleEvent } from './sample-event';
import type { Bench } from './servers';

export const QUEUE = 'bench';
const JOBS = 20_000;
const ADDED_AT_ONCE = 1_000;
const CONCURRENCIES = [1, 50, 200, 500];
const TIMEOUT_MS = 120_000;

/** BullMQ's best with the same events and a job that does nothing, in one process. */
export async function benchBullmq(bench: Bench) {
  const rates: Record<string, number> = {};
  for (const concurrency of CONCURRENCIES) {
    rates[`concurrency ${concurrency}`] = await drain(bench, concurrency);
  }
  return { jobsPerSecond: Math.max(...Object.values(rates)), by: rates };
}

/** Where BullMQ finds Redis. */
export function connectionOf(redisUrl: string): ConnectionOptions {
  const { hostname, port } = new URL(redisUrl);
  return { host: hostname, port: Number(port), maxRetriesPerRequest: null };
}

async function drain({ system, redis }: Bench, concurrency: number): Promise<number> {
  const queue = new Queue<{ event: unknown }>(QUEUE, {
    connection: connectionOf(system.setting('REDIS_URL')),
  });
  for (let added = 0; added < JOBS; added += ADDED_AT_ONCE) {
    await queue.addBulk(
      Array.from({ length: ADDED_AT_ONCE }, () => ({
        name: 'event',
        data: { event: JSON.parse(sampleEvent().body) as unknown },
        opts: { removeOnComplete: true },
      })),
    );
  }
  const env = { BENCH_CONCURRENCY: String(concurrency), BENCH_JOBS: String(JOBS) };
  const once = { delayMs: 0, max: 0 };
  await system.startProgram('bullmq', 'bench/consumers/bullmq-worker.ts', env, once);
  const rate = await waitFor('the jobs to be done', TIMEOUT_MS, async () => {
    const found = await redis.send('bench:rate', ['GET', 'bench:rate']);
    return found === null ? undefined : Number(found);
  });
  await system.processes.stop('bullmq');
  await queue.close();
  await redis.sendToAll(['FLUSHALL']);
  return Math.round(rate);
}

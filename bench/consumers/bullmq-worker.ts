import { Worker } from 'bullmq';
import { loadConfig, readEnvironment } from '../../platform/config';
import { startHealthServer } from '../../platform/health-server';
import { runProcess } from '../../platform/lifecycle';
import { createLogger } from '../../platform/log';
import { connectionOf, QUEUE } from './bullmq';

const config = loadConfig('REDIS_URL', 'HEALTH_HOST', 'HEALTH_PORT', 'LOG_LEVEL');

runProcess(createLogger('bullmq', config.LOG_LEVEL), async (lifecycle) => {
  const worker = new Worker(QUEUE, () => Promise.resolve(), {
    connection: connectionOf(config.REDIS_URL),
    concurrency: Number(readEnvironment()['BENCH_CONCURRENCY']),
  });
  lifecycle.onStop('worker', () => worker.close());
  const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
  const health = await startHealthServer({ ...address, checks: {} });
  lifecycle.onStop('health', health.close);
});

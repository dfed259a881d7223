import { Worker } from 'bullmq';
import { loadConfig, readEnvironment } from '../../platform/config';
import { startHealthServer } from '../../platform/health-server';
import { runProcess } from '../../platform/lifecycle';
import { createLogger } from '../../platform/log';
import { createRedis } from '../../platform/redis';
import { connectionOf, QUEUE } from './bullmq';

const config = loadConfig('REDIS_URL', 'HEALTH_HOST', 'HEALTH_PORT', 'LOG_LEVEL');

runProcess(createLogger('bullmq', config.LOG_LEVEL), async (lifecycle) => {
  const environment = readEnvironment();
  const jobs = Number(environment['BENCH_JOBS']);
  const onError = () => undefined;
  const redis = createRedis({ url: config.REDIS_URL, name: 'bench', use: 'commands', onError });
  await redis.connect();
  lifecycle.onStop('redis', () => redis.destroy());

  let [began, done] = [0, 0];
  const work = () => {
    began ||= performance.now();
    return Promise.resolve();
  };
  const worker = new Worker(QUEUE, work, {
    connection: connectionOf(config.REDIS_URL),
    concurrency: Number(environment['BENCH_CONCURRENCY']),
  });
  worker.on('completed', () => {
    done += 1;
    if (done < jobs) return;
    const rate = (jobs / (performance.now() - began)) * 1000;
    void redis.set('bench:rate', String(rate));
  });
  lifecycle.onStop('worker', () => worker.close());
  const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
  const health = await startHealthServer({ ...address, checks: {} });
  lifecycle.onStop('health', health.close);
});

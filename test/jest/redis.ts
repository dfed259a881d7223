import { createRedis, type Redis } from '../../platform/redis';

/** The suite's Redis, the logical database of this Jest worker alone. */
export function testRedisUrl(): string {
  return `${process.env['TEST_REDIS_URL']}/${process.env['JEST_WORKER_ID']}`;
}

/** An empty logical database of the suite's Redis, of this Jest worker alone. */
export async function openTestRedis(use: 'commands' | 'blocking' = 'commands'): Promise<Redis> {
  const redis = createRedis({
    url: testRedisUrl(),
    name: 'test',
    use,
    onError: () => undefined,
  });
  await redis.connect();
  if (use === 'commands') await redis.flushDb();
  return redis;
}

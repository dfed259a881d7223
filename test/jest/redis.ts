import { createLink, createRedis, type Redis } from '../../platform/redis';
import type { RedisLink } from '../../platform/redis-link';

/** The suite's Redis, the logical database of this Jest worker alone; a cluster has only one. */
export function testRedisUrl(): string {
  const cluster = process.env['TEST_REDIS_CLUSTER_URL'];
  if (cluster !== undefined) return cluster;
  return `${process.env['TEST_REDIS_URL']}/${process.env['JEST_WORKER_ID']}`;
}

/** The servers behind a REDIS_URL, emptied. */
export async function openTestLink(url: string): Promise<RedisLink> {
  const onError = () => undefined;
  const link = createLink({ url, name: 'test', use: 'commands', onError });
  await link.connect();
  await link.sendToAll(['FLUSHDB']);
  return link;
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

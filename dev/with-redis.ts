import { createLink } from '../platform/redis';
import type { RedisLink } from '../platform/redis-link';

/** Runs `use` on a link of its own to the Redis, or the cluster, of this URL, and closes it. */
export async function withRedis<Result>(
  url: string,
  name: string,
  use: (redis: RedisLink) => Promise<Result>,
): Promise<Result> {
  const redis = createLink({ url, name, use: 'commands', onError: () => undefined });
  await redis.connect();
  try {
    return await use(redis);
  } finally {
    redis.close();
  }
}

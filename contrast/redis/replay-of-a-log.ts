import type { Redis } from '../../platform/redis';
import { withRedis } from './with-redis';

const STREAM = 'log:orders';
const EVENTS = 5;
const ALL = 100;

/**
 * A stream: a log that each group of consumers reads at its own pace, from wherever it wants. Inside
 * a group the members compete, as at a queue; the groups each get everything, as when subscribed; and
 * what was said stays, so that somebody who comes later, or was wrong, reads it again.
 */
export async function replayOfALog(say: (line: string) => void): Promise<void> {
  await withRedis(async (open) => {
    const redis = await open('example');
    for (let i = 1; i <= EVENTS; i += 1) await redis.xAdd(STREAM, '*', { order: String(i) });

    await redis.xGroupCreate(STREAM, 'notification', '0');
    say(`notification, mail-1: ${await read(redis, 'notification', 'mail-1', 2)}`);
    say(`notification, mail-2: ${await read(redis, 'notification', 'mail-2', ALL)}`);
    await redis.xAdd(STREAM, '*', { order: String(EVENTS + 1) });

    await redis.xGroupCreate(STREAM, 'analytics', '0');
    say(`analytics came later: ${await read(redis, 'analytics', 'a', ALL)}`);

    // A bug was found in analytics: it reads everything once more.
    await redis.xGroupSetId(STREAM, 'analytics', '0');
    say(`analytics reads again: ${await read(redis, 'analytics', 'a', ALL)}`);
    say(`notification goes on: ${await read(redis, 'notification', 'mail-1', ALL)}`);
  });
}

async function read(redis: Redis, group: string, member: string, count: number): Promise<string> {
  const stream = { key: STREAM, id: '>' };
  const answer = await redis.xReadGroup(group, member, stream, { COUNT: count });
  const entries = answer?.[0]?.messages ?? [];
  await redis.xAck(
    STREAM,
    group,
    entries.map(({ id }) => id),
  );
  return entries.map(({ message }) => `order ${message['order']}`).join(', ');
}

import { EventConflict, publishOnce } from '../../events/publish-once';
import { partitionOf, streamKey } from '../../events/streams';
import type { Redis } from '../../platform/redis';
import { openTestRedis } from '../jest/redis';

let redis: Redis;
beforeAll(async () => {
  redis = await openTestRedis();
});
afterAll(() => redis.destroy());

const event = (id: string, body = '{"a":1}') => ({ id, type: 't.v1', key: 'ord_1', body });
const stream = streamKey(partitionOf('ord_1'));

test('appends an event once, however often and however many at once', async () => {
  const tries = Array.from({ length: 20 }, () => publishOnce(redis, event('once/1')));
  const published = await Promise.all(tries);
  expect(new Set(published.map(({ streamId }) => streamId)).size).toBe(1);
  expect(published.filter(({ appended }) => appended)).toHaveLength(1);
  const entries = await redis.xRange(stream, '-', '+');
  expect(entries?.filter(({ message }) => message['id'] === 'once/1')).toEqual([
    {
      id: published[0]!.streamId,
      message: { id: 'once/1', type: 't.v1', key: 'ord_1', ce: '{"a":1}' },
    },
  ]);
});

test('the same id with another body is a conflict, and nothing is appended', async () => {
  await publishOnce(redis, event('conflict/1'));
  const length = await redis.xLen(stream);
  const forged = publishOnce(redis, event('conflict/1', '{"a":2}'));
  await expect(forged).rejects.toBeInstanceOf(EventConflict);
  expect(await redis.xLen(stream)).toBe(length);
});

test('goes on after the server has forgotten the script', async () => {
  await redis.scriptFlush();
  await expect(publishOnce(redis, event('script/1'))).resolves.toMatchObject({ appended: true });
});

test('a try whose answer was lost is answered with where the event stands', async () => {
  const lossy = {
    evalSha: async (...call: Parameters<Redis['evalSha']>) => {
      await redis.evalSha(...call);
      throw new Error('Socket closed unexpectedly');
    },
    eval: () => Promise.reject(new Error('not reached')),
  };
  await expect(publishOnce(lossy as never, event('lost/1'))).rejects.toThrow('Socket closed');
  await expect(publishOnce(redis, event('lost/1'))).resolves.toMatchObject({ appended: false });
});

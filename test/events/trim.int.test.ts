import { trimStream } from '../../events/trim';
import type { Redis } from '../../platform/redis';
import { openTestRedis } from '../jest/redis';

let redis: Redis;
let stream: string;
beforeAll(async () => {
  redis = await openTestRedis();
});
afterAll(() => redis.destroy());
beforeEach(async () => {
  stream = `trim:{${Math.random()}}`;
  for (const ms of [1, 2, 3, 4, 5, 1000]) await redis.xAdd(stream, `${ms}-0`, { n: String(ms) });
});

const before = new Date(100);

async function read(group: string, count: number): Promise<string[]> {
  await redis.xGroupCreate(stream, group, '0');
  const options = { COUNT: count };
  const reply = (await redis.xReadGroup(group, 'c', { key: stream, id: '>' }, options)) as {
    messages: { id: string }[];
  }[];
  return reply[0]!.messages.map(({ id }) => id);
}

async function left(): Promise<string[]> {
  return (await redis.xRange(stream, '-', '+'))!.map(({ id }) => id);
}

test('removes what is older than the retention where no group is', async () => {
  expect(await trimStream(redis, stream, { before, groups: [] })).toMatchObject({ removed: 5 });
  expect(await left()).toEqual(['1000-0']);
});

test('keeps what a group was not given yet', async () => {
  const ids = await read('slow', 2);
  await redis.xAck(stream, 'slow', ids);
  expect(await trimStream(redis, stream, { before, groups: ['slow'] })).toEqual({
    ...{ removed: 1, heldBackBy: 'slow' },
  });
  expect(await left()).toEqual(['2-0', '3-0', '4-0', '5-0', '1000-0']);
});

test('keeps what a group was given and has not settled, also behind newer settled ones', async () => {
  const ids = await read('stuck', 6);
  await redis.xAck(
    stream,
    'stuck',
    ids.filter((id) => id !== '3-0'),
  );
  await trimStream(redis, stream, { before, groups: ['stuck'] });
  expect((await left())[0]).toBe('3-0');
});

test('keeps everything while a registered group is missing from the stream', async () => {
  await redis.xAck(stream, 'here', await read('here', 6));
  expect(await trimStream(redis, stream, { before, groups: ['here', 'lost'] })).toEqual({
    ...{ removed: 0, heldBackBy: 'lost' },
  });
  expect(await left()).toHaveLength(6);
});

test('keeps what is younger, although every group has settled it', async () => {
  await redis.xAck(stream, 'here', await read('here', 6));
  await trimStream(redis, stream, { before, groups: ['here'] });
  expect(await left()).toEqual(['1000-0']);
});

test('does nothing where there is no stream', async () => {
  const none = `${stream}:none`;
  expect(await trimStream(redis, none, { before, groups: ['here'] })).toMatchObject({ removed: 0 });
});

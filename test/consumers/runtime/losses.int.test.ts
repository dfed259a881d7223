import { pino } from 'pino';
import { LossWatch } from '../../../consumers/runtime/loss-watch';
import { Partition } from '../../../consumers/runtime/partition';
import { readNew } from '../../../consumers/runtime/stream-commands';
import { registerPartitions } from '../../../db/consumers/leases';
import { waitFor } from '../../../dev/wait';
import { createBroker } from '../../../platform/redis-broker';
import { channelOf } from '../../../consumers/runtime/group-options';
import { pauseGroup, resumeGroup } from '../../../db/consumers/group-status';
import { NeverRetry } from '../../../consumers/runtime/errors';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { count, eventOf, GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

const ALL = [1, 2, 3, 4, 5, 6];

/** The archive has all, in the first stream. */
const readArchive: ReadArchive = (query) =>
  group.archiveOf(
    () => ALL,
    () => group.streams[0]!,
  )(query);

async function losses() {
  return group.db.selectFrom('losses').select(['stream', 'first_id', 'last_id']).execute();
}

test('records what was trimmed unread as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2]) await group.publish(n, stream);
  await group.expectEffects([1, 2]);
  await member.stop();
  for (const n of [3, 4, 5]) await group.publish(n, stream);
  const last = await group.publish(6, stream);
  await group.send(['XTRIM', stream, 'MINID', last]);
  await group.start('b', { readArchive });
  await group.expectEffects(ALL);
  await waitFor('the record', TIMEOUT_MS, async () =>
    (await losses()).length > 0 ? true : undefined,
  );
  expect(await losses()).toMatchObject([{ stream, last_id: last }]);
});

/** Appends these and removes them before anybody can read them. */
async function publishAndTrim(numbers: readonly number[], stream: string): Promise<void> {
  const add = `for _, ce in ipairs(ARGV) do redis.call('XADD', KEYS[1], '*', 'ce', ce) end`;
  const script = `${add} redis.call('XTRIM', KEYS[1], 'MAXLEN', 0)`;
  const bodies = numbers.map((n) => JSON.stringify(eventOf(n)));
  await group.send(['EVAL', script, '1', stream, ...bodies]);
}

test('records what a live reader was never given, though it has read on, and handles it', async () => {
  const [stream] = group.streams as [string];
  await group.start('a', { readArchive });
  await group.publish(1, stream);
  await group.expectEffects([1]);
  await publishAndTrim([2, 3, 4], stream);
  for (const n of [5, 6]) await group.publish(n, stream);
  await group.expectEffects(ALL);
  expect(await losses()).toMatchObject([{ stream }]);
});

test('counts what was removed between two reads, and not what was removed after it was read', async () => {
  const [stream] = group.streams as [string];
  await registerPartitions(group.db, group.streams);
  const broker = createBroker(group.link, { url: '', name: '', onError: () => undefined });
  const logger = pino({ level: 'silent' });
  const watch = new LossWatch({
    ...{ group: 'counter', db: group.db, broker, logger, onGroupMade: () => undefined },
  });
  const partition = new Partition(stream, 1, '0-0');
  const read = async () => {
    const asked = { group: 'counter', member: 'a' };
    const given = await readNew(group.link, asked, { streams: [stream], count: 100 });
    for (const { deliveries } of given) partition.countRead(deliveries);
  };
  // Two looks must agree.
  const findsLoss = async () =>
    (await watch.findTrimmed(partition, true)) || (await watch.findTrimmed(partition, true));
  await watch.begin(partition);
  await watch.beginCount(partition);
  for (const n of [1, 2]) await group.publish(n, stream);
  await read();
  await group.send(['XTRIM', stream, 'MAXLEN', '0']);
  expect(await findsLoss()).toBe(false);
  // Whatever the looks fall between: nothing was lost.
  await group.publish(3, stream);
  expect(await findsLoss()).toBe(false);
  await read();
  expect(await findsLoss()).toBe(false);

  await publishAndTrim([4, 5], stream);
  await group.publish(6, stream);
  await read();
  await group.publish(7, stream);
  // Not at the end, so that nobody can tell yet.
  expect(await findsLoss()).toBe(false);
  await read();
  expect(await findsLoss()).toBe(true);
  expect(await losses()).toHaveLength(1);
  // It is looked through anew: what is known is told no more.
  await watch.beginCount(partition);
  expect(await findsLoss()).toBe(false);
});

test('records what was trimmed while pending as a loss, and handles it from the archive', async () => {
  const [stream] = group.streams as [string];
  for (const n of ALL) await group.publish(n, stream);
  await group.giveAll('dead');
  await group.send(['XTRIM', stream, 'MAXLEN', '2']);
  await group.start('a', { readArchive });
  await group.expectEffects(ALL);
  expect((await losses()).length).toBe(1);
});

test('after all was lost twice in a row, nothing is refilled that was settled before the first time', async () => {
  const LONG_AGO = new Date('2020-01-01T00:00:00Z');
  const lose = async () => {
    await group.send(['DEL', group.streams[0]!]);
    await group.db.updateTable('leases').set({ server_id: 'another' }).execute();
  };
  const first = await group.start('a', { readArchive });
  await group.publish(2);
  await group.expectEffects([2]);
  await first.stop();
  await group.db.updateTable('leases').set({ began_at: LONG_AGO }).execute();
  const refills = () =>
    group.db
      .selectFrom('replays')
      .select('from_time')
      .where('started_by', '=', `loss in ${group.streams[0]!}`)
      .execute();
  for (const [index, member] of ['b', 'c'].entries()) {
    await lose();
    const next = await group.start(member, { readArchive });
    await waitFor('the refill', TIMEOUT_MS, async () =>
      (await refills()).length > index ? true : undefined,
    );
    await group.expectEffects(ALL);
    await next.stop();
  }
  const yesterday = Date.now() - 24 * 3_600_000;
  const fromTimes = (await refills()).map(({ from_time }) => from_time!.getTime());
  expect(fromTimes.filter((time) => time < yesterday)).toEqual([]);
});

test('takes what it has handled and was trimmed for no loss', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  for (const n of [1, 2, 3, 4, 5]) await group.publish(n, stream);
  await group.expectEffects([1, 2, 3, 4, 5]);
  await member.stop();
  await group.send(['XTRIM', stream, 'MAXLEN', '1']);
  await group.start('b', { readArchive });
  await group.publish(6, stream);
  await group.expectEffects(ALL);
  expect(await losses()).toEqual([]);
});

test('what a flush took comes from the archive before anything later of its key', async () => {
  const [stream] = group.streams as [string];
  const seen: number[] = [];
  const options = {
    readArchive: group.archiveOf(
      () => ALL,
      () => stream,
      'one',
    ),
    react: (event: { data: { n: number } }) => {
      seen.push(event.data.n);
      return Promise.resolve();
    },
  };
  const member = await group.start('a', options);
  for (const n of [1, 2]) await group.publish(n, stream, 'one');
  await waitFor('both', TIMEOUT_MS, () => seen.length === 2 || undefined);
  await member.stop();
  for (const n of [3, 4]) await group.publish(n, stream, 'one');
  await group.link.sendToAll(['FLUSHALL']);
  await group.publish(6, stream, 'one');
  await group.start('b', options);
  await waitFor('all', TIMEOUT_MS, () => seen.length >= 6 || undefined);
  expect(seen).toEqual(ALL);
});

test('what a flush took counts as live: the reaction is not told that it is old', async () => {
  const [stream] = group.streams as [string];
  const replays: boolean[] = [];
  const member = await group.start('a', { readArchive });
  await group.publish(1, stream);
  await group.expectEffects([1]);
  await member.stop();
  await group.link.sendToAll(['FLUSHALL']);
  await group.start('b', {
    readArchive,
    react: (event, context) => {
      replays.push(context.isReplay);
      return count(event, context);
    },
  });
  await group.expectEffects(ALL);
  expect(new Set(replays)).toEqual(new Set([false]));
});

test('what another server may lack, after a failover, comes from the archive', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive });
  await group.publish(1, stream);
  await group.expectEffects([1]);
  await member.stop();
  // As if a replica had been promoted that lacks all that came after the first.
  await group.db.updateTable('leases').set({ server_id: 'the one before' }).execute();
  await group.start('b', { readArchive });
  await group.expectEffects(ALL);
});

test('what is parked or given up is not taken from the archive beside it', async () => {
  const [stream] = group.streams as [string];
  const attempts = new Map<number, number>();
  const options = {
    readArchive,
    react: (async (event, context) => {
      const { n } = event.data;
      attempts.set(n, (attempts.get(n) ?? 0) + 1);
      if (n === 2) throw new NeverRetry('poison');
      if (n === 4) throw new Error('later');
      return count(event, context);
    }) satisfies typeof count,
    running: { retry: { immediateMs: [], delaysMs: [60_000] } },
  };
  const member = await group.start('a', options);
  for (const n of [1, 2, 4]) await group.publish(n, stream);
  await waitFor('both to fail', TIMEOUT_MS, () => attempts.size === 3 || undefined);
  await member.stop();
  await group.link.sendToAll(['FLUSHALL']);
  await group.start('b', options);
  await group.expectEffects([1, 3, 5, 6]);
  expect([attempts.get(2), attempts.get(4)]).toEqual([1, 1]);
});

test('an event that was given up is one dead letter, also when it comes again under another id', async () => {
  const [stream] = group.streams as [string];
  await group.start('a', { react: () => Promise.reject(new NeverRetry('poison')) });
  const dead = () => group.db.selectFrom('dead_letters').select(['event_id', 'attempts']).execute();
  await group.publish(1, stream);
  await waitFor(
    'it to be given up',
    TIMEOUT_MS,
    async () => (await dead()).length > 0 || undefined,
  );
  await group.publish(1, stream);
  await group.publish(2, stream);
  await waitFor('the next, too', TIMEOUT_MS, async () => (await dead()).length > 1 || undefined);
  expect((await dead()).map(({ event_id }) => event_id).sort()).toEqual([
    'key-1/Counted/1',
    'key-2/Counted/1',
  ]);
});

test('an event that is parked is parked once, also when it comes again under another id', async () => {
  const [stream] = group.streams as [string];
  await group.start('a', {
    react: () => Promise.reject(new Error('later')),
    running: { retry: { immediateMs: [], delaysMs: [60_000] } },
  });
  const parked = () => group.db.selectFrom('parked').select('event_id').execute();
  await group.publish(1, stream);
  await waitFor(
    'it to be parked',
    TIMEOUT_MS,
    async () => (await parked()).length > 0 || undefined,
  );
  await group.publish(1, stream);
  await group.publish(2, stream);
  await waitFor('the next, too', TIMEOUT_MS, async () => (await parked()).length > 1 || undefined);
  expect((await parked()).map(({ event_id }) => event_id).sort()).toEqual([
    'key-1/Counted/1',
    'key-2/Counted/1',
  ]);
});

test('a group that begins on a stream which was trimmed before misses nothing of that', async () => {
  const [stream] = group.streams as [string];
  for (const n of ALL) await group.publish(n, stream);
  await group.send(['XTRIM', stream, 'MAXLEN', '1']);
  await group.start('a', { readArchive });
  await group.expectEffects([6]);
  expect(await losses()).toEqual([]);
});

test('what is trimmed unread after something else was is another loss', async () => {
  const [stream] = group.streams as [string];
  const member = await group.start('a', { readArchive: group.archiveOf(() => []) });
  await group.publish(1, stream);
  await group.expectEffects([1]);
  await member.stop();
  for (const n of [2, 3]) await group.publish(n, stream);
  await group.send(['XTRIM', stream, 'MAXLEN', '1']);
  const channel = channelOf('counter');
  await pauseGroup(group.db, { channel, by: 'me', why: 'test' });
  await group.start('b', { readArchive });
  await waitFor('the loss', TIMEOUT_MS, async () => (await losses()).length > 0 || undefined);
  for (const n of [4, 5]) await group.publish(n, stream);
  await group.send(['XTRIM', stream, 'MAXLEN', '1']);
  await resumeGroup(group.db, channel);
  await waitFor('all', TIMEOUT_MS, async () => (await group.effects()).length >= 6 || undefined);
  expect(await group.effects()).toEqual(ALL);
  const replays = await group.db.selectFrom('replays').select('replay_id').execute();
  expect(replays.length).toBeGreaterThan(1);
});

test('what pends comes after what was trimmed before it', async () => {
  const [stream] = group.streams as [string];
  const seen: number[] = [];
  for (const n of ALL) await group.publish(n, stream, 'one');
  await group.giveAll('dead');
  await group.send(['XTRIM', stream, 'MAXLEN', '2']);
  await group.start('a', {
    readArchive: group.archiveOf(
      () => ALL,
      () => stream,
      'one',
    ),
    react: ({ data }) => {
      seen.push(data.n);
      return Promise.resolve();
    },
  });
  await waitFor('all', TIMEOUT_MS, () => seen.length >= 6 || undefined);
  expect(seen).toEqual(ALL);
});

import { waitFor } from '../../../dev/wait';
import { measureLag } from '../../../consumers/runtime/lag';
import { createBroker } from '../../../platform/redis-broker';
import { testRedisUrl } from '../../jest/redis';
import { count, eventOf, GroupHarness } from './group-harness';
import { expectReaderToEnd } from './reader-ends';

const TIMEOUT_MS = 20_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

const broker = () => createBroker(group.link, { url: '', name: '', onError: () => undefined });
const lag = () => measureLag(broker(), group.streams[0]!, 'counter');

/** As a reconciler would: what the streams lack is appended again. */
async function publishAll(numbers: readonly number[]): Promise<void> {
  for (const n of numbers) {
    await waitFor('Redis to take it', TIMEOUT_MS, () => group.publish(n));
  }
}

test('a group that was destroyed is made again where it stood: nothing is lost or repeated', async () => {
  const seen: number[] = [];
  await group.start('a', {
    react: (event, context) => {
      seen.push(event.data.n);
      return count(event, context);
    },
  });
  await publishAll([2, 4]);
  await group.expectEffects([2, 4]);
  await group.send(['XGROUP', 'DESTROY', group.streams[0]!, 'counter']);
  await publishAll([6, 8]);
  await group.expectEffects([2, 4, 6, 8]);
  expect(await group.effects()).toEqual([2, 4, 6, 8]);
});

test('a stream that was deleted is read from its new beginning, and said to be lost', async () => {
  const log: string[] = [];
  await group.start('a', { onLog: (line) => log.push(line) });
  await publishAll([2, 4]);
  await group.expectEffects([2, 4]);
  await group.send(['DEL', group.streams[0]!]);
  await publishAll([6]);
  await group.expectEffects([2, 4, 6]);
  expect(log.filter((line) => line.includes('may have been lost'))).not.toEqual([]);
});

test('what is lost with everything under load is complete again when it is published again', async () => {
  const all = Array.from({ length: 120 }, (_, n) => n + 1);
  await group.start('a');
  await group.start('b');
  await publishAll(all.slice(0, 60));
  await group.link.sendToAll(['FLUSHDB']);
  await publishAll(all);
  await group.expectEffects(all);
});

test('goes on after the servers were restarted in the middle', async () => {
  const all = Array.from({ length: 90 }, (_, n) => n + 1);
  await group.start('a');
  await group.start('b');
  await publishAll(all.slice(0, 30));
  // It answers nobody any more.
  await group.link.sendToAll(['DEBUG', 'RESTART']).catch(() => undefined);
  await publishAll(all.slice(30, 60));
  await group.link.sendToAll(['DEBUG', 'CRASH-AND-RECOVER']).catch(() => undefined);
  await publishAll(all);
  await group.expectEffects(all);
}, 60_000);

test('another server that lost nothing is not called a loss, although it is refilled in case', async () => {
  const before = await group.start('a');
  await publishAll([2, 4]);
  await group.expectEffects([2, 4]);
  await before.stop();
  await group.db.updateTable('leases').set({ server_id: 'another' }).execute();
  const log: string[] = [];
  await group.start('b', { onLog: (line) => log.push(line) });
  await publishAll([6]);
  await group.expectEffects([2, 4, 6]);
  expect(log.filter((line) => line.includes('refilled in case'))).not.toEqual([]);
  expect(log.filter((line) => line.includes('may have been lost'))).toEqual([]);
});

test('while the group is missing again and again, it is not asked for in a hot loop', async () => {
  await group.start('a');
  await publishAll([2]);
  await group.expectEffects([2]);
  await group.link.sendToAll(['CONFIG', 'RESETSTAT']);
  const began = performance.now();
  for (let i = 0; i < 20; i += 1) {
    await group.send(['XGROUP', 'DESTROY', group.streams[0]!, 'counter']);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const seconds = (performance.now() - began) / 1000;
  const infos = await group.link.sendToAll(['INFO', 'errorstats']);
  const errors = infos
    .map((info) => Number(/errorstat_NOGROUP:count=(\d+)/.exec(String(info))?.[1] ?? 0))
    .reduce((sum, one) => sum + one, 0);
  expect(errors / seconds).toBeLessThanOrEqual(10);
  await publishAll([4]);
  await group.expectEffects([2, 4]);
});

test('goes on while its connections are cut again and again under load', async () => {
  const all = Array.from({ length: 60 }, (_, n) => n + 1);
  await group.start('a');
  for (const n of all) {
    await publishAll([n]);
    if (n % 20 === 0) await group.cutConnections();
  }
  await group.expectEffects(all);
}, 60_000);

test('a reader is over once its connection is lost, so that no reply is lost unnoticed', async () => {
  await expectReaderToEnd(group, testRedisUrl());
});

test('goes on after the servers answered nobody for some seconds', async () => {
  await group.start('a');
  await publishAll([2]);
  await group.expectEffects([2]);
  void group.link.sendToAll(['DEBUG', 'SLEEP', '4']).catch(() => undefined);
  await publishAll([4, 6]);
  await group.expectEffects([2, 4, 6]);
}, 40_000);

test('a member that is stopped while it starts, and again, stops', async () => {
  const members = await Promise.all(['a', 'b'].map((name) => group.start(name)));
  await Promise.all(members.flatMap((member) => [member.stop(), member.stop()]));
  await publishAll([2]);
  await group.start('c');
  await group.expectEffects([2]);
});

test('an entry that is deleted before it is read keeps no other from being handled', async () => {
  const member = await group.start('a');
  await publishAll([2]);
  await group.expectEffects([2]);
  await member.stop();
  const id = await group.publish(4);
  await publishAll([6]);
  await group.send(['XDEL', group.streams[0]!, id]);
  await group.start('b', { readArchive: group.archiveOf(() => [2, 4, 6]) });
  await group.expectEffects([2, 4, 6]);
});

test('lag is what the group was not given yet, what it was given, and since when', async () => {
  await publishAll([2, 4, 6]);
  expect(await lag()).toMatchObject({ entries: 3, pending: 0 });
  await group.giveAll('slow');
  await publishAll([8]);
  const behind = await lag();
  expect(behind).toMatchObject({ entries: 1, pending: 3 });
  expect(behind.oldestPendingSeconds).toBeGreaterThanOrEqual(0);
  await group.start('a');
  await group.expectEffects([2, 4, 6, 8]);
  await waitFor('the lag to be gone', TIMEOUT_MS, async () =>
    (await group.pending()) === 0 ? true : undefined,
  );
  expect(await lag()).toMatchObject({ entries: 0, pending: 0, seconds: 0 });
});

test('lag is right after entries were trimmed and deleted', async () => {
  const [stream] = group.streams as [string];
  await publishAll([2, 4, 6, 8]);
  const id = await group.publish(10);
  await group.send(['XTRIM', stream, 'MAXLEN', '3']);
  await group.send(['XDEL', stream, id]);
  expect(await lag()).toMatchObject({ entries: 2 });
});

test('names of members that left are forgotten, and none that has something pending', async () => {
  const member = await group.start('a');
  await publishAll([2]);
  await group.expectEffects([2]);
  await group.send(['XGROUP', 'CREATECONSUMER', group.streams[0]!, 'counter', 'other']);
  await member.stop();
  const names = (await group.send([
    ...['XINFO', 'CONSUMERS', group.streams[0]!, 'counter'],
  ])) as unknown[][];
  expect(names.map(([, name]) => name)).toEqual(['other']);
});

test('an event that comes twice in one read, or in two streams, has one effect', async () => {
  for (const stream of [group.streams[0], group.streams[0], group.streams[1]]) {
    await group.append(JSON.stringify(eventOf(2)), stream);
  }
  await group.start('a', { running: { batchSize: 10 } });
  await group.expectEffects([2]);
  await waitFor('all to be settled', TIMEOUT_MS, async () =>
    (await group.pending()) === 0 ? true : undefined,
  );
  expect(await group.effects()).toEqual([2]);
});

import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { sql } from 'kysely';
import { waitFor } from '../../../dev/wait';
import { registerPartitions } from '../../../db/consumers/leases';
import { pauseGroup, resumeGroup, skipOne } from '../../../db/consumers/group-status';
import { channelOf } from '../../../consumers/runtime/group-options';
import { TYPESCRIPT } from '../../../dev/typescript';
import { testRedisUrl } from '../../jest/redis';
import { count, GroupHarness } from './group-harness';

const ROOT = path.join(__dirname, '..', '..', '..');
const TIMEOUT_MS = 15_000;
const LEASE_MS = 1_500;
const LONG_LEASE_MS = 60_000;

let group: GroupHarness;
let children: ChildProcess[];
beforeEach(async () => {
  children = [];
  group = await GroupHarness.open();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await group.close();
});

/** A member in a process of its own; resolves when it has written the effect of its first event. */
async function startProcess(member: string, lingerMs: number): Promise<ChildProcess> {
  const told = {
    ...{ databaseUrl: group.database.url, redisUrl: testRedisUrl(), streams: group.streams },
    ...{ member, leaseMs: LEASE_MS, lingerMs },
  };
  const script = path.join(__dirname, 'member-process.ts');
  const args = [...TYPESCRIPT, script, JSON.stringify(told)];
  const child = spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

async function untilNothingPends(): Promise<void> {
  await waitFor('everything to be acknowledged', TIMEOUT_MS, async () =>
    (await group.pending()) === 0 ? true : undefined,
  );
}

test('what a process had under way when it was killed is handled by another, once', async () => {
  for (const n of [2, 4]) await group.publish(n);
  const child = await startProcess('killed', 60_000);
  child.kill('SIGKILL');
  await group.start('b');
  await group.expectEffects([2, 4]);
  await untilNothingPends();
});

test('a process that is frozen between the effect and the commit, and woken, commits nothing', async () => {
  await group.publish(2);
  const child = await startProcess('frozen', 500);
  child.kill('SIGSTOP');
  await group.start('b', { leaseMs: LEASE_MS });
  await group.expectEffects([2]);
  const by = await group.db.selectFrom('leases').select(['stream', 'member']).execute();
  child.kill('SIGCONT');
  await group.publish(4);
  await waitFor('the other partition to be handled, too', TIMEOUT_MS, async () =>
    (await group.effects()).includes(4) ? true : undefined,
  );
  await untilNothingPends();
  expect(await group.effects()).toEqual([2, 4]);
  expect(by.find(({ stream }) => stream === group.streams[0])).toMatchObject({ member: 'b' });
});

test('a member that stops lets its reaction end, and acknowledges it', async () => {
  let isBegun = false;
  const member = await group.start('a', {
    react: async (event, context) => {
      isBegun = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
      return count(event, context);
    },
    leaseMs: 10_000,
  });
  await group.publish(2);
  await waitFor('the reaction', TIMEOUT_MS, () => isBegun || undefined);
  await member.stop();
  expect(await group.effects()).toEqual([2]);
  expect(await group.pending()).toBe(0);
});

test('a partition that a member takes while it stops is handed back with the others', async () => {
  await registerPartitions(group.db, group.streams);
  let unlock = () => undefined as void;
  const isUnlocked = new Promise<void>((resolve) => (unlock = resolve));
  const locking = group.db.transaction().execute(async (tx) => {
    // As the last owner's transaction does, for which the next one waits.
    await sql`select 1 from partitions where stream = ${group.streams[0]!} for share`.execute(tx);
    await isUnlocked;
  });
  const member = await group.start('a', { leaseMs: LONG_LEASE_MS });
  await waitFor('the other partition to be taken', TIMEOUT_MS, async () =>
    (await group.owners()).includes('a') ? true : undefined,
  );
  const stopping = member.stop();
  await waitFor('it to be handed back', TIMEOUT_MS, async () =>
    (await group.owners()).includes('a') ? undefined : true,
  );
  unlock();
  await Promise.all([locking, stopping]);
  expect(await group.owners()).toEqual(['', '']);
});

test('many members share the partitions, and each event has one effect', async () => {
  const all = Array.from({ length: 300 }, (_, n) => n + 1);
  await Promise.all(['a', 'b', 'c', 'd'].map((member) => group.start(member)));
  for (const n of all) await group.publish(n);
  await group.expectEffects(all);
  expect(new Set(await group.owners()).size).toBe(2);
});

test('members that come and go while events come lose none and double none', async () => {
  const all = Array.from({ length: 200 }, (_, n) => n + 1);
  const publishing = (async () => {
    for (const n of all) {
      await group.publish(n);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  })();
  for (const name of ['a', 'b', 'c']) {
    const member = await group.start(name);
    await waitFor('some effects', TIMEOUT_MS, async () =>
      (await group.effects()).length > 0 ? true : undefined,
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    await member.stop();
  }
  await group.start('last');
  await publishing;
  await group.expectEffects(all);
});

test('a member reads no more than it can start soon', async () => {
  await group.start('a', {
    react: () => new Promise<never>(() => undefined),
    running: { concurrency: 2 },
    leaseMs: 60_000,
  });
  for (let n = 1; n <= 200; n += 1) await group.publish(n);
  await waitFor('some to be given', TIMEOUT_MS, async () =>
    (await group.pending()) > 0 ? true : undefined,
  );
  await new Promise((resolve) => setTimeout(resolve, 500));
  // In a cluster each partition has a reader of its own: one that was waiting is given one more.
  const waiting = process.env['CONFORMANCE'] === 'cluster' ? group.streams.length - 1 : 0;
  expect(await group.pending()).toBeLessThanOrEqual(4 + waiting);
}, 40_000);

test('a member that leaves with something unsettled leaves it to the next', async () => {
  const member = await group.start('a', { react: () => Promise.reject(new Error('not here')) });
  await group.publish(2);
  await waitFor('it to be parked', TIMEOUT_MS, async () =>
    (await group.db.selectFrom('parked').select('parked_id').execute()).length > 0
      ? true
      : undefined,
  );
  await member.stop();
  await group.db
    .updateTable('parked')
    .set({ due_at: new Date(0) })
    .execute();
  const attempts: number[] = [];
  await group.start('b', {
    react: (event, context) => {
      attempts.push(context.attempt);
      return count(event, context);
    },
  });
  await group.expectEffects([2]);
  // The attempts of all members are counted together.
  expect(attempts).toEqual([4]);
});

test('a group that is paused begins nothing, and goes on with all that came meanwhile', async () => {
  await group.start('a');
  await group.publish(1);
  await group.expectEffects([1]);
  const channel = channelOf('counter');
  await pauseGroup(group.db, { channel, by: 'me', why: 'test' });
  await waitFor('the pause to be noticed', TIMEOUT_MS, async () => {
    await group.publish(2, group.streams[0], `probe-${Date.now()}`);
    const before = (await group.effects()).length;
    await new Promise((resolve) => setTimeout(resolve, 400));
    return (await group.effects()).length === before ? true : undefined;
  });
  const before = (await group.effects()).length;
  await group.publish(7);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect((await group.effects()).length).toBe(before);
  await resumeGroup(group.db, channel);
  await waitFor('the event that waited', TIMEOUT_MS, async () =>
    (await group.effects()).includes(7) ? true : undefined,
  );
});

test('an event that an operator skips has no effect, and those behind it go on', async () => {
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 1 ? Promise.reject(new Error('bad')) : count(event, context),
    running: { retry: { immediateMs: [], delaysMs: [60_000] } },
  });
  await group.publish(1, group.streams[0], 'one');
  await group.publish(2, group.streams[0], 'one');
  await waitFor('both to be parked', TIMEOUT_MS, async () =>
    (await group.db.selectFrom('parked').select('parked_id').execute()).length === 2
      ? true
      : undefined,
  );
  expect(await skipOne(group.db, 'one/Counted/1', { by: 'me', why: 'test' })).toBe(true);
  await group.expectEffects([2]);
});

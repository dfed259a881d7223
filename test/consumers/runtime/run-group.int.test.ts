import { waitFor } from '../../../dev/wait';
import { count, GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

async function waitForEffects(expected: number[]): Promise<void> {
  await waitFor(`the effects ${expected.join()}`, TIMEOUT_MS, async () =>
    JSON.stringify(await group.effects()) === JSON.stringify(expected) ? true : undefined,
  ).catch(async () => expect(await group.effects()).toEqual(expected));
}

async function pendingEntries(): Promise<number> {
  const summaries = await Promise.all(
    group.streams.map((stream) => group.redis.xPending(stream, 'counter')),
  );
  return summaries.reduce((sum, { pending }) => sum + pending, 0);
}

async function waitUntilNothingPends(): Promise<void> {
  await waitFor('everything to be acknowledged', TIMEOUT_MS, async () =>
    (await pendingEntries()) === 0 ? true : undefined,
  );
}

test('handles what was there before it and what comes while it runs, and acknowledges all', async () => {
  await group.publish(1);
  await group.publish(2);
  await group.start('a');
  await waitForEffects([1, 2]);
  await group.publish(3);
  await waitForEffects([1, 2, 3]);
  await waitUntilNothingPends();
  const inbox = await group.db.selectFrom('inbox').select(['event_id', 'effect']).execute();
  expect(inbox).toContainEqual({ event_id: 'key-3/Counted/1', effect: { counted: 3 } });
});

test('an event that is published again has no second effect', async () => {
  await group.start('a');
  for (const n of [1, 1, 2, 1]) await group.publish(n);
  await waitForEffects([1, 2]);
  await waitUntilNothingPends();
  expect(await group.effects()).toEqual([1, 2]);
});

test('what a killed member was given is taken over by another, and has one effect', async () => {
  await group.publish(1);
  await group.publish(2);
  for (const stream of group.streams) {
    await group.redis.xGroupCreate(stream, 'counter', '0');
    const given = await group.redis.xReadGroup('counter', 'killed', { key: stream, id: '>' });
    expect(given).toHaveLength(1);
  }
  await group.start('b', { reclaimIdleMs: 1_000 });
  await waitForEffects([1, 2]);
  await waitUntilNothingPends();
});

test('an effect whose acknowledgement was lost is not repeated when it is delivered again', async () => {
  const id = await group.publish(2);
  const stream = group.streams[0]!;
  await group.start('a');
  await waitForEffects([2]);
  await waitUntilNothingPends();
  await group.redis.sendCommand([
    ...['XCLAIM', stream, 'counter', 'killed', '0', id, 'FORCE', 'JUSTID'],
  ]);
  expect(await pendingEntries()).toBe(1);
  await waitUntilNothingPends();
  expect(await group.effects()).toEqual([2]);
});

test('an entry that cannot be decoded becomes a dead letter and stops nothing', async () => {
  await group.start('a');
  await group.append('{"id": broken');
  await group.append(JSON.stringify({ specversion: '1.0', id: 'x' }));
  await group.append('\0x');
  await group.publish(2);
  await waitForEffects([2]);
  await waitUntilNothingPends();
  const dead = await group.db.selectFrom('dead_letters').select(['reason', 'fields']).execute();
  expect(dead).toHaveLength(3);
  expect(dead).toContainEqual({ reason: 'undecodable', fields: '{"ce":"{\\"id\\": broken"}' });
});

test('a reaction that fails leaves nothing behind, is parked, and is tried again later', async () => {
  let failures = 0;
  await group.start('a', {
    react: async (event, context) => {
      const effect = await count(event, context);
      if (event.data.n === 1 && failures++ === 0) throw new Error('not today');
      expect(context.attempt).toBe(event.data.n === 1 ? 2 : 1);
      return effect;
    },
  });
  await group.publish(1);
  await group.publish(3);
  await waitForEffects([3]);
  await waitUntilNothingPends();
  const parked = await group.db.selectFrom('parked').select(['attempts', 'last_error']).execute();
  expect(parked).toEqual([
    { attempts: 1, last_error: expect.stringContaining('not today') as string },
  ]);

  await waitForEffects([1, 3]);
  await waitFor('the parked delivery to be gone', TIMEOUT_MS, async () => {
    const left = await group.db.selectFrom('parked').select('attempts').execute();
    return left.length === 0 ? true : undefined;
  });
});

test('an event that ended five processes is given up before it ends a sixth', async () => {
  const id = await group.publish(2);
  const stream = group.streams[0]!;
  await group.redis.xGroupCreate(stream, 'counter', '0');
  await group.redis.xReadGroup('counter', 'killed', { key: stream, id: '>' });
  await group.redis.sendCommand([
    ...['XCLAIM', stream, 'counter', 'killed', '0', id, 'RETRYCOUNT', '5', 'JUSTID'],
  ]);
  await group.start('b', { reclaimIdleMs: 1_000 });
  await waitFor('the dead letter', TIMEOUT_MS, async () => {
    const dead = await group.db.selectFrom('dead_letters').select('reason').execute();
    return dead[0]?.reason === 'crashes_exhausted' ? true : undefined;
  });
  await waitUntilNothingPends();
  expect(await group.effects()).toEqual([]);
});

test('only the event that ends its processes is blamed, not those that were read with it', async () => {
  const stream = group.streams[0]!;
  const [killer] = [await group.publish(2), await group.publish(4), await group.publish(6)];
  await group.redis.xGroupCreate(stream, 'counter', '0');
  await group.redis.xReadGroup('counter', 'killed', { key: stream, id: '>' });
  await group.redis.sendCommand([
    ...['XCLAIM', stream, 'counter', 'killed', '0', killer, 'RETRYCOUNT', '4', 'JUSTID'],
  ]);
  const dying = await group.start('b', {
    reclaimIdleMs: 1_000,
    // A process that hangs here for ever is as good as dead.
    react: (event, context) =>
      event.data.n === 2 ? new Promise(() => undefined) : count(event, context),
  });
  await waitFor('the killer to be begun', TIMEOUT_MS, async () => {
    const [entry] = await group.redis.xPendingRange(stream, 'counter', killer, killer, 1);
    return entry?.deliveriesCounter === 5 ? true : undefined;
  });
  const others = await group.redis.xPendingRange(stream, 'counter', '-', '+', 10);
  expect(others.map(({ deliveriesCounter }) => deliveriesCounter)).toEqual([5, 1, 1]);
  void dying;

  await group.start('c', { reclaimIdleMs: 1_000 });
  await waitForEffects([4, 6]);
});

test('a parked event that ends each process that tries it again is given up, too', async () => {
  await group.db
    .insertInto('parked')
    .values({
      ...{ stream: 'test:{0}:events', entry_id: '1-0', fields: '{"ce":"{}"}' },
      ...{ attempts: 9, last_error: 'x', due_at: new Date(0) },
    })
    .execute();
  await group.start('a');
  await waitFor('the dead letter', TIMEOUT_MS, async () => {
    const dead = await group.db.selectFrom('dead_letters').select('reason').execute();
    return dead[0]?.reason === 'crashes_exhausted' ? true : undefined;
  });
  expect(await group.db.selectFrom('parked').selectAll().execute()).toEqual([]);
});

test('goes on after Redis lost everything, streams and groups', async () => {
  await group.start('a');
  await group.publish(1);
  await waitForEffects([1]);
  await group.redis.flushDb();
  await group.publish(1);
  await group.publish(2);
  await waitForEffects([1, 2]);
});

test('goes on after its connections were cut in the middle of a read', async () => {
  await group.start('a');
  await group.publish(1);
  await waitForEffects([1]);
  await group.cutConnections();
  await group.publish(2);
  await waitForEffects([1, 2]);
});

test('what a stopped member had not begun is left for the next', async () => {
  const first = await group.start('a');
  await group.publish(1);
  await waitForEffects([1]);
  await first.stop();
  await group.publish(2);
  await group.start('b');
  await waitForEffects([1, 2]);
});

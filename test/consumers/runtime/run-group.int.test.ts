import { waitFor } from '../../../dev/wait';
import { sql } from 'kysely';
import { DependencyDown } from '../../../consumers/runtime/errors';
import { count, eventOf, GroupHarness } from './group-harness';

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

async function waitUntilNothingPends(): Promise<void> {
  await waitFor('everything to be acknowledged', TIMEOUT_MS, async () =>
    (await group.pending()) === 0 ? true : undefined,
  );
}

/** The reaction of a member that hangs at one event for ever. */
function orNever(n: number): typeof count {
  return (event, context) =>
    event.data.n === n ? new Promise<never>(() => undefined) : count(event, context);
}

async function waitForRows(
  table: 'parked' | 'dead_letters' | 'crash_counts',
  rows: number,
): Promise<void> {
  await waitFor(`${rows} rows in ${table}`, TIMEOUT_MS, async () => {
    const found = await group.db.selectFrom(table).select('stream').execute();
    return found.length === rows ? true : undefined;
  });
}

/** Parks an entry that failed once and was begun so often since; it is due. */
async function parkBegun(fields: object, key: string, starts: number): Promise<void> {
  await group.db
    .insertInto('parked')
    .values({
      ...{ stream: group.streams[0]!, entry_id: '1-0', fields: JSON.stringify(fields), key },
      ...{ attempts: 1, last_error: 'x', due_at: new Date(0), dead_letter_id: null },
      ...{ is_replay: false, history: '[]' },
    })
    .execute();
  await group.db.updateTable('parked').set({ starts }).execute();
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
  await group.giveAll('killed');
  await group.start('b');
  await waitForEffects([1, 2]);
  await waitUntilNothingPends();
});

test('an effect whose acknowledgement was lost is not repeated when it is delivered again', async () => {
  const id = await group.publish(2);
  const stream = group.streams[0]!;
  await group.start('a');
  await waitForEffects([2]);
  await waitUntilNothingPends();
  await group.send([...['XCLAIM', stream, 'counter', 'killed', '0', id, 'FORCE', 'JUSTID']]);
  expect(await group.pending()).toBe(1);
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

test('a reaction that fails leaves nothing behind, is tried at once, parked, and tried later', async () => {
  const attempts: number[] = [];
  await group.start('a', {
    react: async (event, context) => {
      await count(event, context);
      if (event.data.n !== 1) return;
      attempts.push(context.attempt);
      if (context.attempt < 4) throw new Error(`not today, ${context.attempt}`);
    },
    running: { retry: { immediateMs: [1, 1], delaysMs: [1_500] } },
  });
  await group.publish(1);
  await group.publish(3);
  await waitForEffects([3]);
  await waitUntilNothingPends();
  const parked = await group.db.selectFrom('parked').select(['attempts', 'last_error']).execute();
  expect(parked).toEqual([{ attempts: 3, last_error: 'not today, 3' }]);

  await waitForEffects([1, 3]);
  await waitForRows('parked', 0);
  expect(attempts).toEqual([1, 2, 3, 4]);
});

test('an event that is exhausted is a dead letter with all that was tried', async () => {
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 1 ? Promise.reject(new TypeError('bad 17')) : count(event, context),
    running: { retry: { immediateMs: [1], delaysMs: [1] } },
  });
  await group.publish(1);
  await group.publish(3);
  await waitForRows('dead_letters', 1);
  const dead = await group.db.selectFrom('dead_letters').selectAll().executeTakeFirstOrThrow();
  expect(dead).toMatchObject({
    ...{ reason: 'attempts_exhausted', attempts: 3, error_class: 'TypeError', state: 'dead' },
    ...{ event_id: 'key-1/Counted/1', key: 'key-1', stream: 'test:{1}:events' },
  });
  expect(dead.history.map(({ message }) => message)).toEqual(['bad 17', 'bad 17', 'bad 17']);
  await waitForEffects([3]);
});

test('an event that ended three processes that tried it alone is given up before a fourth', async () => {
  const killer = await group.publish(2);
  await group.publish(4);
  await group.giveAll('killed');
  await group.countStarts(killer, 3);
  await group.start('b', { react: orNever(2) });
  await waitForEffects([4]);
  await waitForRows('dead_letters', 1);
  const dead = await group.db.selectFrom('dead_letters').select(['reason', 'event_id']).execute();
  expect(dead).toEqual([{ reason: 'crashes_exhausted', event_id: 'key-2/Counted/1' }]);
  await waitUntilNothingPends();
});

test('only the event that ends its processes is blamed, not those that were read with it', async () => {
  await group.publish(2);
  await group.publish(4);
  await group.publish(6);
  await group.giveAll('killed');
  // A reaction that never ends, in a process that dies then.
  await group.start('b', { react: orNever(2), leaseMs: 60_000 });
  await waitForRows('crash_counts', 1);
  const counted = await group.db.selectFrom('crash_counts').select('starts').execute();
  expect(counted).toEqual([{ starts: 1 }]);
});

test('an event of which two processes died that tried it alone is tried by a third', async () => {
  const unlucky = await group.publish(2);
  await group.giveAll('killed');
  await group.countStarts(unlucky, 2);
  await group.start('b');
  await waitForEffects([2]);
  await waitForRows('crash_counts', 0);
  await waitForRows('dead_letters', 0);
});

test('an event that was being tried when its partition was handed back is not blamed for that', async () => {
  const first = await group.publish(2);
  await group.publish(4);
  await group.giveAll('killed');
  await group.countStarts(first, 1);
  const stopsMidway = await group.start('b', {
    react: (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('told to stop'))),
      ),
    leaseMs: 4_000,
  });
  await waitFor('the trial', TIMEOUT_MS, async () => {
    const [counted] = await group.db.selectFrom('crash_counts').select('starts').execute();
    return counted?.starts === 2 || undefined;
  });
  await group.db.updateTable('leases').set({ member: 'another' }).execute();
  await waitFor('it to be taken back', TIMEOUT_MS, async () => {
    const [counted] = await group.db.selectFrom('crash_counts').select('starts').execute();
    return counted?.starts === 1 || undefined;
  });
  await stopsMidway.stop();
});

test.each([
  ['three processes died that tried it alone is given up, too', 4, 'crashes_exhausted'],
  // It has no event in it.
  ['two processes died that tried it alone is tried by a third', 3, 'undecodable'],
])('a parked event of which %s', async (_, starts, reason) => {
  await parkBegun({ ce: '{}' }, 'k', starts);
  await group.start('a');
  await waitForRows('dead_letters', 1);
  const dead = await group.db.selectFrom('dead_letters').select('reason').execute();
  expect(dead).toEqual([{ reason }]);
  await waitForRows('parked', 0);
});

test('an event that waits for what is down is not blamed for whatever ends its process meanwhile', async () => {
  const suspect = await group.publish(2);
  await group.giveAll('killed');
  await group.countStarts(suspect, 2);
  await group.start('b', {
    leaseMs: 60_000,
    react: () => Promise.reject(new DependencyDown('the provider is away')),
  });
  await waitForRows('crash_counts', 0);
  await waitForRows('dead_letters', 0);
  expect(await group.pending()).toBe(1);
});

test('a parked event that waits for what is down is not blamed either', async () => {
  const body = JSON.stringify(eventOf(2));
  const fields = { id: 'key-2/Counted/1', type: 'test.counted.v1', key: 'key-2', ce: body };
  await parkBegun(fields, 'key-2', 3);
  await group.start('a', {
    leaseMs: 60_000,
    react: () => Promise.reject(new DependencyDown('the provider is away')),
  });
  await waitFor('its starts to be forgotten', TIMEOUT_MS, async () => {
    const [parked] = await group.db.selectFrom('parked').select('starts').execute();
    return parked?.starts === 1 || undefined;
  });
});

test('goes on after Redis lost everything, streams and groups', async () => {
  await group.start('a');
  await group.publish(1);
  await waitForEffects([1]);
  await group.link.sendToAll(['FLUSHDB']);
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

test('a member that stops hands over at once, and one that joins takes its share', async () => {
  const first = await group.start('a', { leaseMs: 60_000 });
  await group.publish(1);
  await waitForEffects([1]);
  await group.start('b', { leaseMs: 60_000 });
  await waitFor('each to have a partition', TIMEOUT_MS, async () =>
    (await group.owners()).join() === 'a,b' ? true : undefined,
  );
  await first.stop();
  await waitFor('the other to have both', TIMEOUT_MS, async () =>
    (await group.owners()).join() === 'b,b' ? true : undefined,
  );
  await group.publish(2);
  await group.publish(3);
  await waitForEffects([1, 2, 3]);
});

test('keeps the order of each key where one of its events fails, and lets other keys pass', async () => {
  const seen: string[] = [];
  await group.start('a', {
    react: ({ partitionkey, data }, { attempt }) => {
      if (data.n === 1 && attempt < 3) return Promise.reject(new Error('not yet'));
      seen.push(`${partitionkey}:${data.n}`);
      return Promise.resolve();
    },
    running: { retry: { immediateMs: [], delaysMs: [300, 300] } },
  });
  for (const n of [1, 2, 3]) await group.publish(n, group.streams[0], 'one');
  await group.publish(4, group.streams[0], 'other');
  for (const n of [5, 6]) await group.publish(n, group.streams[0], 'one');
  await waitFor('all six', TIMEOUT_MS, () => Promise.resolve(seen.length === 6 || undefined));
  expect(seen).toEqual(['other:4', 'one:1', 'one:2', 'one:3', 'one:5', 'one:6']);
});

test('shares a transaction among events, and singles out the one that fails', async () => {
  for (let n = 1; n <= 40; n += 1) await group.publish(n, group.streams[0]);
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 7 ? Promise.reject(new Error('bad')) : count(event, context),
    running: { batchSize: 20, retry: { immediateMs: [], delaysMs: [] } },
  });
  await waitForRows('dead_letters', 1);
  const all = Array.from({ length: 40 }, (_, i) => i + 1).filter((n) => n !== 7);
  await waitForEffects(all);
  const { rows } = await sql<{ transactions: number }>`
    select count(distinct xmin::text)::int as transactions from effects`.execute(group.db);
  expect(rows[0]!.transactions).toBeLessThan(all.length);
});

test('charges nobody while what it needs is down, and goes on when it is back', async () => {
  let isDown = true;
  const attempts: number[] = [];
  const member = await group.start('a', {
    react: async (event, context) => {
      attempts.push(context.attempt);
      if (isDown) throw new DependencyDown('away');
      return count(event, context);
    },
  });
  for (const n of [1, 2, 3, 4, 5]) await group.publish(n);
  await waitFor('the breaker to open', TIMEOUT_MS, () =>
    Promise.resolve(!member.isHealthy() && attempts.length > 0 ? true : undefined),
  );
  isDown = false;
  await waitForEffects([1, 2, 3, 4, 5]);
  expect(new Set(attempts)).toEqual(new Set([1]));
  expect(member.isHealthy()).toBe(true);
});

test('probes also when nobody waits for it, and goes on when what it needs is back', async () => {
  let isDown = true;
  const member = await group.start('a', {
    react: (event, context) => (isDown ? Promise.reject(new Error('away')) : count(event, context)),
    running: { retry: { immediateMs: [], delaysMs: [60_000] } },
  });
  const all = Array.from({ length: 20 }, (_, n) => 2 * n + 2);
  // One after another, so that none is left to wait.
  for (const [index, n] of all.entries()) {
    await group.publish(n);
    await waitForRows('parked', index + 1);
  }
  expect(member.isHealthy()).toBe(false);
  isDown = false;
  await group.publish(100);
  await waitForEffects([100]);
}, 60_000);

test('a lease of which the member itself does not know ends, and the partition is taken again', async () => {
  await group.start('a');
  await group.publish(2);
  await waitForEffects([2]);
  // As if the answer to taking it had been lost: the owner by the table, under another number.
  await group.db.transaction().execute(async (tx) => {
    await sql`update partitions set token = token + 1 where stream = 'test:{0}:events'`.execute(tx);
  });
  await group.publish(4);
  await waitForEffects([2, 4]);
});

test('an event that is larger than all that may be in memory is handled, and those after it', async () => {
  const huge = 'x'.repeat(9 * 1024 * 1024);
  await group.start('a');
  const event = { ...eventOf(2), data: { n: 2, huge } };
  await group.append(JSON.stringify(event), group.streams[0]);
  await group.publish(4);
  await group.publish(6);
  await waitForEffects([2, 4, 6]);
});

test('an id and a key that cannot be stored as they are stop nothing', async () => {
  const [stream] = group.streams as [string];
  const bad = JSON.stringify(eventOf(2));
  await group.send([
    ...['XADD', stream, '*', 'id', 'nul\0', 'type', 'test.counted.v1', 'key', 'k\0', 'ce', bad],
  ]);
  await group.giveAll('killed');
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 2 ? Promise.reject(new Error('bad')) : count(event, context),
    running: { retry: { immediateMs: [], delaysMs: [] } },
  });
  await group.publish(4);
  await waitForEffects([4]);
  await waitForRows('dead_letters', 1);
});

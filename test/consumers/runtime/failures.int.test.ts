import { CompiledQuery, sql } from 'kysely';
import { waitFor } from '../../../dev/wait';
import { NeverRetry, RetryAfter } from '../../../consumers/runtime/errors';
import { count, eventOf, GroupHarness } from './group-harness';

const TIMEOUT_MS = 15_000;

let group: GroupHarness;
beforeEach(async () => {
  group = await GroupHarness.open();
});
afterEach(() => group.close());

async function deadLetters() {
  return group.db.selectFrom('dead_letters').select(['reason', 'attempts', 'key']).execute();
}

async function untilDead(howMany: number): Promise<void> {
  await waitFor(`${howMany} dead letters`, TIMEOUT_MS, async () =>
    (await deadLetters()).length === howMany ? true : undefined,
  );
}

test('an event that can never be handled is a dead letter after one attempt', async () => {
  await group.start('a', { react: () => Promise.reject(new NeverRetry('no such customer')) });
  await group.publish(1);
  await untilDead(1);
  expect(await deadLetters()).toMatchObject([{ reason: 'never_retry', attempts: 1 }]);
});

test('an error that says when to come again is not tried before', async () => {
  const times: number[] = [];
  await group.start('a', {
    react: (event, context) => {
      times.push(performance.now());
      if (context.attempt === 1) throw new RetryAfter('busy', 1_200);
      return count(event, context);
    },
  });
  await group.publish(1);
  await group.expectEffects([1]);
  expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(1_150);
});

test('an event that fails for too long is a dead letter though attempts are left', async () => {
  await group.start('a', {
    react: () => Promise.reject(new Error('bad')),
    running: { retry: { immediateMs: [], delaysMs: [200, 200, 60_000], maxElapsedMs: 500 } },
  });
  await group.publish(1);
  await untilDead(1);
  expect(await deadLetters()).toMatchObject([{ reason: 'time_exhausted' }]);
});

test('later events of a key pass one that is parked where the consumer wants that', async () => {
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 1 ? Promise.reject(new Error('bad')) : count(event, context),
    running: { whenParked: 'skip', retry: { immediateMs: [], delaysMs: [60_000] } },
  });
  for (const n of [1, 2, 3]) await group.publish(n, group.streams[0], 'one');
  await group.expectEffects([2, 3]);
});

test('later events of a key go on once the one before them is a dead letter', async () => {
  await group.start('a', {
    react: (event, context) =>
      event.data.n === 1 ? Promise.reject(new Error('bad')) : count(event, context),
    running: { retry: { immediateMs: [], delaysMs: [200] } },
  });
  for (const n of [1, 2, 3]) await group.publish(n, group.streams[0], 'one');
  await group.expectEffects([2, 3]);
  expect(await deadLetters()).toMatchObject([{ key: 'one', attempts: 2 }]);
});

test('a reaction that hangs is given up, frees its place, and writes nothing later', async () => {
  let late: Promise<unknown> | undefined;
  await group.start('a', {
    react: (event, context) => {
      if (event.data.n !== 2 || context.attempt > 1) return count(event, context);
      const hanging = new Promise((resolve) => setTimeout(resolve, 1_500)).then(() =>
        count(event, context),
      );
      late = hanging.catch((error: unknown) => error);
      return hanging;
    },
    running: { concurrency: 1, retry: { immediateMs: [1] } },
  });
  await group.publish(2);
  await group.publish(4);
  await group.expectEffects([2, 4]);
  expect(String(await late)).toMatch(/over/);
  expect(await group.effects()).toEqual([2, 4]);
});

test('the reaction is told by its signal that its time is up', async () => {
  let isTold = false;
  await group.start('a', {
    react: (event, context) => {
      if (context.attempt > 1) return count(event, context);
      return new Promise<never>((_, reject) => {
        context.signal.addEventListener('abort', () => {
          isTold = true;
          reject(new Error('stopped'));
        });
      });
    },
  });
  await group.publish(2);
  await group.expectEffects([2]);
  expect(isTold).toBe(true);
});

test('a failed attempt leaves no mark by which the next would be taken for a repeat', async () => {
  await group.start('a', {
    react: async (event, context) => {
      await count(event, context);
      if (context.attempt === 1) throw new Error('after the effect');
    },
    running: { retry: { immediateMs: [1] } },
  });
  await group.publish(1);
  await group.expectEffects([1]);
});

test('an error of the database in one reaction does not spoil the others of its batch', async () => {
  for (let n = 1; n <= 10; n += 1) await group.publish(n, group.streams[0]);
  await group.start('a', {
    react: async (event, context) => {
      if (event.data.n === 5) await sql`select 1 / 0`.execute(context.tx);
      return count(event, context);
    },
    running: { batchSize: 10, retry: { immediateMs: [], delaysMs: [] } },
  });
  await group.expectEffects([1, 2, 3, 4, 6, 7, 8, 9, 10]);
  await untilDead(1);
});

test('an error that the reaction swallows, of a query, keeps nothing of that attempt', async () => {
  await group.start('a', {
    react: async (event, context) => {
      await count(event, context);
      if (context.attempt === 1) await sql`select 1 / 0`.execute(context.tx).catch(() => undefined);
    },
    running: { retry: { immediateMs: [1] } },
  });
  await group.publish(1);
  await group.expectEffects([1]);
});

test('an error swallowed by a reaction that says nothing, of a query made elsewhere, keeps nothing either', async () => {
  const broken = CompiledQuery.raw('select 1 / 0');
  await group.start('a', {
    react: async (event, context) => {
      if (context.attempt > 1) return count(event, context);
      await context.tx.executeQuery(broken).catch(() => undefined);
    },
    running: { retry: { immediateMs: [1] } },
  });
  await group.publish(1);
  await group.expectEffects([1]);
});

test('a connection to PostgreSQL that is lost in the middle of an attempt is charged to no event', async () => {
  const attempts: number[] = [];
  const server = group.database.connect<object>({});
  await group.start('a', {
    react: async (event, context) => {
      attempts.push(context.attempt);
      const ours = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(context.tx);
      const ending = sql`select pg_terminate_backend(${ours.rows[0]!.pid}::integer)`;
      if (attempts.length === 1) await ending.execute(server);
      return count(event, context);
    },
  });
  await group.publish(1);
  await group.expectEffects([1]);
  expect(attempts).toEqual([1, 1]);
});

test('an event of a type that nobody here reacts to is settled without an effect', async () => {
  await group.start('a');
  const { type, ...rest } = eventOf(2);
  await group.append(JSON.stringify({ ...rest, type: `${type}9` }), group.streams[0]);
  await group.publish(4);
  await group.expectEffects([4]);
  await waitFor('both to be settled', TIMEOUT_MS, async () =>
    (await group.pending()) === 0 ? true : undefined,
  );
  expect(await deadLetters()).toEqual([]);
});

test('an event that breaks its contract is a dead letter, and names what is wrong', async () => {
  await group.start('a');
  await group.append(JSON.stringify({ ...eventOf(2), data: { n: 'two' } }), group.streams[0]);
  await untilDead(1);
  const [dead] = await group.db.selectFrom('dead_letters').select(['reason', 'error']).execute();
  expect(dead!.reason).toBe('undecodable');
  expect(dead!.error).toContain('expected number');
});

test('a consumer of yesterday reads an event of tomorrow, which says more', async () => {
  await group.start('a');
  const event = eventOf(2);
  const more = { ...event, tomorrow: 'x', data: { ...event.data, colour: 'blue', n: 2 } };
  await group.append(JSON.stringify(more), group.streams[0]);
  await group.expectEffects([2]);
});

test('one hundred and more failures in a row neither end the member nor lose an event', async () => {
  const failed = new Set<number>();
  await group.start('a', {
    react: (event, context) => {
      if (!failed.has(event.data.n)) {
        failed.add(event.data.n);
        throw new Error('the first time');
      }
      return count(event, context);
    },
    running: { retry: { immediateMs: [1] } },
  });
  const all = Array.from({ length: 120 }, (_, n) => n + 1);
  for (const n of all) await group.publish(n);
  await group.expectEffects(all);
});

test('what was thrown is kept whatever it is', async () => {
  await group.start('a', {
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- as others do
    react: (event) => Promise.reject(event.data.n === 1 ? undefined : 'a text\u0000'),
    running: { retry: { immediateMs: [], delaysMs: [] } },
  });
  for (const n of [1, 2]) await group.publish(n);
  await untilDead(2);
});

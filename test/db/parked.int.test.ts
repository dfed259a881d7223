import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { sql, type Kysely, type Transaction } from 'kysely';
import { park, parkBehind, takeDueParked, unpark } from '../../db/consumers/parked';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { waitFor } from '../../dev/wait';
import { createTestDatabase, type TestDatabase } from '../jest/database';

const STREAM = 'events:{0}';
const KEY = 'ord_1';
const LONG_MS = 3_600_000;
const TIMEOUT_MS = 5_000;

let database: TestDatabase;
let db: Kysely<RuntimeSchema>;
/** A role sees only its own sessions. */
let everything: Kysely<unknown>;
beforeAll(async () => {
  database = await createTestDatabase();
  everything = database.connect<unknown>({});
  db = database.connect<RuntimeSchema>({ role: 'tandem_loyalty', searchPath: 'loyalty' });
});
beforeEach(() => db.deleteFrom('parked').execute());
afterAll(() => database.close());

/** The delivery whose entry has this number. */
function delivery(n: number) {
  const fields = { id: `${KEY}/Event/${n}`, type: 'test.v1', key: KEY };
  return { stream: STREAM, entryId: `${n}-0`, fields };
}

type Tx = Transaction<RuntimeSchema>;
type Change = (tx: Tx) => Promise<void>;

function within(use: Change): Promise<void> {
  return db.transaction().execute(use);
}

const failed = (n: number, dueInMs = 0) => {
  const how = { key: KEY, isReplay: false, attempts: 1, history: [], dueInMs };
  return within((tx) => park(tx, delivery(n), how));
};
const unparked = (n: number) => (tx: Tx) => unpark(tx, delivery(n));
const parkedBehind = (n: number) => (tx: Tx) =>
  parkBehind(tx, delivery(n), { key: KEY, isReplay: false });
const behind = (n: number) => within(parkedBehind(n));

async function takeDue(isInOrder = true, except: readonly number[] = []): Promise<string[]> {
  const how = { streams: [STREAM], limit: 10, suspects: 0, isInOrder, except };
  return (await takeDueParked(db, how)).map(({ entryId }) => entryId);
}

async function places(): Promise<Record<string, boolean>> {
  const rows = await db.selectFrom('parked').select(['entry_id', 'is_behind']).execute();
  return Object.fromEntries(rows.map((row) => [row.entry_id, row.is_behind]));
}

test('what is behind one of its key is due only when it is the first', async () => {
  await failed(1, LONG_MS);
  for (const n of [2, 3]) await behind(n);
  expect(await places()).toEqual({ '1-0': false, '2-0': true, '3-0': true });
  expect(await takeDue()).toEqual([]);

  await within(unparked(1));
  expect(await takeDue()).toEqual(['2-0']);
  // Parked anew, it is the first as before.
  await failed(2, LONG_MS);
  expect(await takeDue()).toEqual([]);
  await within(unparked(2));
  expect(await takeDue()).toEqual(['3-0']);
});

test('a group that does not hold takes all that is due, the earliest first', async () => {
  await failed(1, LONG_MS);
  for (const n of [2, 3]) await failed(n);
  expect(await takeDue(false)).toEqual(['2-0', '3-0']);
});

test('what is under way is not taken again, also when it is parked anew meanwhile', async () => {
  await failed(1);
  const { parked_id: id } = await db
    .selectFrom('parked')
    .select('parked_id')
    .executeTakeFirstOrThrow();
  expect(await takeDue(true, [id])).toEqual([]);
  expect(await takeDue()).toEqual(['1-0']);
});

test('what grows to thousands is looked through in time, as if there had always been so much', async () => {
  await sql`analyze parked`.execute(database.connect({ searchPath: 'loyalty' }));
  // As often as makes PostgreSQL keep a plan.
  for (let n = 1; n <= 10; n += 1) {
    await behind(n);
    await takeDue();
  }
  await sql`
    insert into parked (stream, entry_id, fields, key, attempts, due_at)
    select ${STREAM}, n || '-1', '{}', 'k' || n, 1, now() from generate_series(1, 20000) as n`.execute(
    db,
  );
  expect(await takeDue()).toHaveLength(10);
});

test('all but the first go on where many of a key are deleted at once', async () => {
  await failed(1);
  for (const n of [2, 3, 4, 5]) await behind(n);
  await sql`delete from parked where entry_id in ('1-0', '2-0', '4-0')`.execute(db);
  expect(await places()).toEqual({ '3-0': false, '5-0': true });
});

describe('nothing waits for ever', () => {
  test('behind one that is being settled while it is parked', async () => {
    await failed(1);
    await whileUncommitted(unparked(1), parkedBehind(2));
    expect(await takeDue()).toEqual(['2-0']);
  });

  test('behind one that is settled while it is being parked', async () => {
    await failed(1);
    await whileUncommitted(parkedBehind(2), unparked(1));
    expect(await takeDue()).toEqual(['2-0']);
  });

  test('behind one that is taken away while the first is settled', async () => {
    await failed(1);
    for (const n of [2, 3]) await behind(n);
    await whileUncommitted(unparked(2), unparked(1));
    expect(await takeDue()).toEqual(['3-0']);
  });

  test('behind one that is taken away while it is parked, with others before', async () => {
    await failed(1, LONG_MS);
    await behind(2);
    await whileUncommitted(unparked(2), parkedBehind(3));
    expect(await places()).toEqual({ '1-0': false, '3-0': true });
  });
});

/** Commits what `first` does only when `second`, in a transaction of its own, waits for it. */
async function whileUncommitted(first: Change, second: Change): Promise<void> {
  let waiting: Promise<void> | undefined;
  await within(async (tx) => {
    await first(tx);
    waiting = within(second);
    await untilSomebodyWaits();
  });
  await waiting;
}

/** One of two transactions waits for the other. */
function untilSomebodyWaits(): Promise<true> {
  return waitFor('a transaction that waits', TIMEOUT_MS, async () => {
    const { rows } = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(everything);
    return rows.length > 0 ? true : undefined;
  });
}

test('a group that has something parked already is brought up to date', async () => {
  const folder = path.join(__dirname, '../../db/consumers/migrations');
  const files = (await readdir(folder)).sort();
  const texts = await Promise.all(files.map((file) => readFile(path.join(folder, file), 'utf8')));
  const isNew = files.findIndex((file) => file.startsWith('0005'));
  const old = database.connect<RuntimeSchema>({ searchPath: 'old_group' });
  await sql`create schema old_group`.execute(old);
  for (const text of texts.slice(0, isNew)) await sql.raw(text).execute(old);
  await sql`
    insert into parked (stream, entry_id, fields, key, attempts, due_at)
    values ('s', '1-0', '{}', 'a', 1, now()), ('s', '2-0', '{}', 'a', 0, now()),
           ('s', '3-0', '{}', 'b', 1, now()), ('s', '4-0', '{}', '', 1, now()),
           ('s', '5-0', '{}', '', 1, now())`.execute(old);
  await sql.raw(texts[isNew]!).execute(old);
  const { rows } = await sql`select entry_id from parked where is_behind`.execute(old);
  expect(rows).toEqual([{ entry_id: '2-0' }]);
});

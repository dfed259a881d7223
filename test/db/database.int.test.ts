import { sql } from 'kysely';
import { createTestDatabase, type TestDatabase } from '../jest/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const backendPid = async (db: TestDatabase['db']) => {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
  return rows[0]!.pid;
};

test('a connection that is lost in a transaction fails that transaction, and nothing else', async () => {
  const { db, connect } = database;
  const admin = connect<unknown>({});
  const broken = db.transaction().execute(async (tx) => {
    await sql`select pg_terminate_backend(${await backendPid(tx)})`.execute(admin);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow();
  expect(await backendPid(db)).toBeGreaterThan(0);
});

test('a connection whose server hangs in a transaction is given up, and its work is taken back', async () => {
  const { db } = database;
  let frozen = 0;
  const hanging = db.transaction().execute(async (tx) => {
    await sql`insert into inventory.products values ('HALF-DONE', 'x', 1, 'EUR')`.execute(tx);
    frozen = await backendPid(tx);
    process.kill(frozen, 'SIGSTOP');
    await sql`select 1`.execute(tx);
  });
  try {
    await expect(hanging).rejects.toThrow(/timeout|terminated/i);
  } finally {
    process.kill(frozen, 'SIGCONT');
  }
  for (let i = 0; i < 5; i++) expect(await backendPid(db)).not.toBe(frozen);
  const found = db.selectFrom('inventory.products').where('sku', '=', 'HALF-DONE').selectAll();
  expect(await found.execute()).toEqual([]);
});

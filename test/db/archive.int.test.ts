import { sql } from 'kysely';
import { partitionOf, streamKey } from '../../events/streams';
import { createTestDatabase, type TestDatabase } from '../jest/database';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('finds the stream of a key as the publisher does', async () => {
  const keys = Array.from({ length: 200 }, (_, i) => `ord_${i}-ä`);
  const db = database.connect<unknown>({ role: 'tandem_archive' });
  const { rows } = await sql<{ stream: string }>`
    select archive.stream_of(key) as stream
    from unnest(${keys}::text[]) with ordinality as k (key, place) order by place`.execute(db);
  expect(rows.map(({ stream }) => stream)).toEqual(keys.map((key) => streamKey(partitionOf(key))));
});

test('lets a reader of the archive see events, and no personal data of orders', async () => {
  const db = database.connect<unknown>({ role: 'tandem_archive' });
  await sql`select event_body from orders.journal`.execute(db);
  await expect(sql`select customer_email from orders.orders`.execute(db)).rejects.toThrow(
    /permission denied/,
  );
});

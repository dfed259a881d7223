import { sql, type QueryExecutorProvider } from 'kysely';

/** Settings of PostgreSQL with which it forgets what it has acknowledged. */
const NEEDED_ON = ['synchronous_commit', 'fsync', 'full_page_writes'];

/** Those of them that are off. */
export async function forgetfulSettings(db: QueryExecutorProvider): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from pg_settings where name = any (${NEEDED_ON}) and setting = 'off'`.execute(db);
  return rows.map(({ name }) => name);
}

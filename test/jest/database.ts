import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { createDatabase, type Database } from '../../db/database';

/** A database of its own for one test file, with every schema and no orders. */
export interface TestDatabase {
  readonly url: string;
  readonly db: Database;
  /** Another pool on it, closed with it. */
  readonly connect: <Schema>(options: {
    role?: string;
    searchPath?: string;
  }) => ReturnType<typeof createDatabase<Schema>>;
  readonly close: () => Promise<void>;
}

/** Copies the suite's migrated database, which nobody is connected to. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const suiteUrl = process.env['TEST_DATABASE_URL']!;
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOnServer(suiteUrl, `create database ${name} template tandem`);
  const url = suiteUrl.replace(/\/tandem$/, `/${name}`);
  const pools: { destroy(): Promise<void> }[] = [];
  const connect: TestDatabase['connect'] = (options) => {
    const pool = createDatabase<never>({
      url,
      applicationName: 'test',
      onError: () => undefined,
      ...options,
    });
    pools.push(pool);
    return pool as never;
  };
  return {
    url,
    db: connect({ role: 'tandem_orders' }),
    connect,
    async close() {
      await Promise.all(pools.map((pool) => pool.destroy()));
      await runOnServer(suiteUrl, `drop database ${name} with (force)`);
    },
  };
}

async function runOnServer(suiteUrl: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: suiteUrl.replace(/\/tandem$/, '/postgres') });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

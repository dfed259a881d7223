import { spawn } from 'node:child_process';
import path from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { evictionPolicy } from '../../platform/redis';
import { refuseUnsafeStart } from '../../workers/safe-start';
import { createTestDatabase, type TestDatabase } from '../jest/database';

const ROOT = path.join(__dirname, '..', '..');
const logger = pino({ level: 'silent' });

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

const redisOf = (policy: string) => ({
  sendToAll: () => Promise.resolve([`# Memory\r\nmaxmemory_policy:${policy}\r\n`]),
});

async function start(nodeEnv: string, policy: string): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  const forgetful = database.connect<never>({});
  await sql.raw(`alter database ${name} set synchronous_commit = off`).execute(forgetful);
  // A setting of the database holds for connections that come after it.
  const db = database.connect<never>({ searchPath: 'public' });
  await refuseUnsafeStart({ NODE_ENV: nodeEnv }, { db, redis: redisOf(policy) as never }, logger);
}

test('in production a server that forgets is refused, and one that evicts, both at once', async () => {
  expect(await evictionPolicy(redisOf('noeviction'))).toBeUndefined();
  const starting = start('production', 'allkeys-lru');
  await expect(starting).rejects.toThrow(/synchronous_commit=off[^]*allkeys-lru/);
});

test('in development they are not', async () => {
  await start('development', 'allkeys-lru');
});

test('the API does not start in production with the settings of development, and says every one', async () => {
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', 'api/server.ts'], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      REDIS_URL: process.env['TEST_REDIS_URL'],
      EVENT_SEALING_KEYS: `dev:${'A'.repeat(43)}`,
      WEBHOOKS_ALLOW_LOOPBACK: 'true',
      API_PORT: '0',
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.on('exit', resolve));
  expect(code).toBe(1);
  for (const said of ['EVENT_SEALING_KEYS', 'WEBHOOKS_ALLOW_LOOPBACK', 'synchronous_commit=off']) {
    expect(output).toContain(said);
  }
  expect(output).not.toContain('"ready"');
});

import { spawn } from 'node:child_process';
import path from 'node:path';
import { sql } from 'kysely';
import { pino } from 'pino';
import { TYPESCRIPT } from '../../dev/typescript';
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

test.each(['api/server.ts', 'workers/saga-worker.ts', 'workers/consumer-worker.ts'])(
  '%s does not start in production with the settings of development, and says every one',
  async (program) => {
    const child = spawn(process.execPath, [...TYPESCRIPT, program], {
      cwd: ROOT,
      env: {
        ...process.env,
        NODE_ENV: 'production',
        DATABASE_URL: database.url,
        REDIS_URL: process.env['TEST_REDIS_URL'],
        STRIPE_API_KEY: 'sk_test_simulator',
        EVENT_SEALING_KEYS: `dev:${'A'.repeat(43)}`,
        WEBHOOKS_ALLOW_LOOPBACK: 'true',
        JWT_ISSUER: 'https://login.shop.example/',
        SMTP_URL: 'smtp://127.0.0.1:1',
        CONSUMER_GROUPS: 'webhooks',
        API_PORT: '0',
      },
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(1);
    for (const said of [
      ...['STRIPE_API_KEY', 'EVENT_SEALING_KEYS', 'WEBHOOKS_ALLOW_LOOPBACK', 'JWT_AUDIENCE'],
      'synchronous_commit=off',
    ]) {
      expect(output).toContain(said);
    }
    expect(output).not.toContain('"ready"');
  },
);

test('a process that cannot start ends although nobody reads its log', async () => {
  const command = `"${process.execPath}" --require ./dev/typescript-hook.cjs api/server.ts | head -c 1 >/dev/null; exit \${PIPESTATUS[0]}`;
  const child = spawn('bash', ['-c', command], {
    cwd: ROOT,
    env: {
      ...process.env,
      NODE_ENV: 'production',
      DATABASE_URL: database.url,
      REDIS_URL: process.env['TEST_REDIS_URL'],
      EVENT_SEALING_KEYS: `dev:${'A'.repeat(43)}`,
      API_PORT: '0',
    },
    stdio: 'ignore',
  });
  expect(await new Promise((resolve) => child.on('exit', resolve))).toBe(1);
});

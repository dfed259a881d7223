import type { Kysely } from 'kysely';
import { violations, type Evidence } from '../../chaos/invariants';
import { addToOutbox } from '../../db/consumers/outbox';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { streamKey } from '../../events/streams';
import type { Redis } from '../../platform/redis';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { openTestRedis } from '../jest/redis';

const event = { id: 'ord_1/FraudSuspected/1', type: 'shop.fraud.suspected.v1', key: 'ord_1' };
const body = '{"of":"a follow-up event"}';
const stream = streamKey(0);

let database: TestDatabase;
let redis: Redis;
let fraud: Kysely<RuntimeSchema>;
beforeEach(async () => {
  database = await createTestDatabase();
  redis = await openTestRedis();
  fraud = database.connect<RuntimeSchema>({ role: 'tandem_fraud', searchPath: 'fraud' });
});
afterEach(async () => {
  redis.destroy();
  await database.close();
});

/** What is found by who may look into every schema, and into the streams through `reader`. */
function look(reader: Redis = redis): Promise<string[]> {
  const db = database.connect<never>({}) as unknown as Evidence['db'];
  return violations({
    db,
    redis: reader,
    initialStock: new Map(),
    intents: () => Promise.resolve([]),
  });
}

async function record(): Promise<void> {
  const entry = { ...event, body, sequence: 1, stream };
  await fraud.transaction().execute((tx) => addToOutbox(tx, entry));
}

const publish = (ce = body) => redis.xAdd(stream, '*', { id: event.id, ce });

test('finds nothing wrong with a follow-up event that was recorded and published', async () => {
  await record();
  await publish();
  expect(await look()).toEqual([]);
});

test('finds nothing wrong when a consumer records and publishes while the evidence is read', async () => {
  let isLate = true;
  const reader = {
    async xRange(...args: Parameters<Redis['xRange']>) {
      if (isLate) {
        isLate = false;
        await record();
        await publish();
      }
      return redis.xRange(...args);
    },
  } as Redis;
  expect(await look(reader)).toEqual([]);
  expect(await redis.xLen(stream)).toBe(1);
});

test('finds an event that nobody has recorded, or not with this text', async () => {
  await publish();
  expect(await look()).toEqual([`an event that nobody has recorded: ${event.id}`]);
  await record();
  expect(await look()).toEqual([]);
  await publish('{"of":"something else"}');
  expect(await look()).toEqual([`an event that nobody has recorded: ${event.id}`]);
});

test('finds an event that is in the stream twice', async () => {
  await record();
  await publish();
  await publish();
  expect(await look()).toEqual([`an event that is in the stream twice: ${event.id}`]);
});

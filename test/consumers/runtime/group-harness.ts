import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import { on, type React } from '../../../consumers/runtime/consumer';
import { runGroup, type RunningGroup } from '../../../consumers/runtime/run-group';
import type { InboxSchema } from '../../../db/inbox';
import { migrateConsumer } from '../../../db/consumer-schema';
import { buildEvent, defineEvent } from '../../../events/envelope';
import type { Redis } from '../../../platform/redis';
import { createTestDatabase, type TestDatabase } from '../../jest/database';
import { openTestRedis } from '../../jest/redis';

const Counted = defineEvent('Counted', 'test.counted.v1', z.looseObject({ n: z.number() }));

/** The tables of a test's consumer: it writes down each effect. */
export interface CounterSchema extends InboxSchema {
  effects: { event_id: string; n: number };
}

/** A consumer group of a test, on a database and streams of its own. */
export class GroupHarness {
  readonly streams = ['test:{0}:events', 'test:{1}:events'];
  #running: RunningGroup[] = [];
  #clients: Redis[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly db: Kysely<CounterSchema>,
    readonly redis: Redis,
  ) {}

  static async open(): Promise<GroupHarness> {
    const database = await createTestDatabase();
    const admin = database.connect<unknown>({ searchPath: 'counter' });
    await migrateConsumer(admin, 'counter', {
      '0001': 'create table effects (event_id text not null, n integer not null)',
    });
    const db = database.connect<CounterSchema>({ role: 'tandem_counter', searchPath: 'counter' });
    return new GroupHarness(database, db, await openTestRedis());
  }

  /** Starts a member that counts, or does what `react` says. */
  async start(
    member: string,
    {
      react,
      reclaimIdleMs = 500,
    }: { react?: React<{ n: number }, CounterSchema>; reclaimIdleMs?: number } = {},
  ): Promise<RunningGroup> {
    const [reader, commands] = [await openTestRedis('blocking'), await openTestRedis('blocking')];
    this.#clients.push(reader, commands);
    const running = runGroup({
      group: 'counter',
      member,
      reactions: [on(Counted, react ?? count)],
      // Its own tables do not matter to the runtime.
      db: this.db,
      reader,
      commands,
      streams: this.streams,
      reclaimIdleMs,
      logger: pino({ level: 'silent' }),
    });
    this.#running.push(running);
    return running;
  }

  /** Cuts the connections of all members, as a failing network would. */
  async cutConnections(): Promise<void> {
    const ids = await Promise.all(this.#clients.map((client) => this.#idOf(client)));
    for (const id of ids) await this.redis.sendCommand(['CLIENT', 'KILL', 'ID', id]);
  }

  async #idOf(client: Redis): Promise<string> {
    return String(await client.sendCommand<number>(['CLIENT', 'ID']));
  }

  /** Appends an event, as a producer would; the same `n` is the same event. */
  async publish(n: number, stream = this.streams[n % 2]!): Promise<string> {
    return this.append(JSON.stringify(eventOf(n)), stream);
  }

  /** Appends any text where an event should be. */
  async append(ce: string, stream = this.streams[0]!): Promise<string> {
    return this.redis.xAdd(stream, '*', { ce });
  }

  /** The effects there are, by number. */
  async effects(): Promise<number[]> {
    const rows = await this.db.selectFrom('effects').select('n').execute();
    return rows.map(({ n }) => n).sort((a, b) => a - b);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((group) => group.stop()));
    for (const client of this.#clients.splice(0)) client.destroy();
  }

  async close(): Promise<void> {
    await this.stop();
    this.redis.destroy();
    await this.database.close();
  }
}

/** The reaction of a member that is well: one row an event. */
export const count: React<{ n: number }, CounterSchema> = async ({ id, data }, { tx }) => {
  await tx.insertInto('effects').values({ event_id: id, n: data.n }).execute();
  return { counted: data.n };
};

function eventOf(n: number) {
  return buildEvent(Counted, '/test', {
    subject: `key-${n}`,
    occurrence: 1,
    sequence: 1,
    time: new Date(0),
    data: { n },
  });
}

import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import { on, type React } from '../../../consumers/runtime/consumer';
import type { Running } from '../../../consumers/runtime/consumer';
import { channelOf } from '../../../consumers/runtime/group-options';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { runGroup, type RunningGroup } from '../../../consumers/runtime/run-group';
import { migrateConsumer } from '../../../db/consumers/migrate-consumer';
import { registerPartitions } from '../../../db/consumers/leases';
import type { RuntimeSchema } from '../../../db/consumers/tables';
import { listen } from '../../../db/listen';
import { buildEvent, defineEvent } from '../../../events/envelope';
import type { Redis } from '../../../platform/redis';
import { createBroker } from '../../../platform/redis-broker';
import { createTestDatabase, type TestDatabase } from '../../jest/database';
import { openTestRedis, testRedisUrl } from '../../jest/redis';

const Counted = defineEvent('Counted', 'test.counted.v1', z.looseObject({ n: z.number() }));

/** The tables of a test's consumer: it writes down each effect. */
export interface CounterSchema extends RuntimeSchema {
  effects: { event_id: string; n: number };
}

interface StartOptions {
  readonly react?: React<{ n: number }, CounterSchema>;
  readonly leaseMs?: number;
  readonly running?: Running;
  readonly readArchive?: ReadArchive;
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
    { react, leaseMs = 1_000, running = {}, readArchive }: StartOptions = {},
  ): Promise<RunningGroup> {
    const commands = await openTestRedis('blocking');
    this.#clients.push(commands);
    const onError = () => undefined;
    const group = runGroup({
      group: 'counter',
      member,
      running,
      reactions: [on(Counted, react ?? count)],
      // Its own tables do not matter to the runtime.
      db: this.db,
      broker: createBroker(commands, { url: testRedisUrl(), name: 'member', onError }),
      streams: this.streams,
      leaseMs,
      followUps: {
        source: '/test',
        streamOf: () => this.streams[0]!,
        append: async ({ body }) => ({
          streamId: await this.redis.xAdd(this.streams[0]!, '*', { ce: body }),
        }),
      },
      readArchive: readArchive ?? (() => Promise.resolve([])),
      listen: (onChange) =>
        listen({ url: this.database.url, applicationName: 'test', onError }, channelOf('counter'), {
          onNotification: onChange,
          onListening: onChange,
        }),
      logger: pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    });
    this.#running.push(group);
    return group;
  }

  /** Cuts the connections of all members, as a failing network would. */
  async cutConnections(): Promise<void> {
    const clients = await this.redis.sendCommand<string>(['CLIENT', 'LIST']);
    const ids = [...clients.matchAll(/^id=(\d+) .* name=member /gm)].map(([, id]) => id!);
    for (const id of ids) await this.redis.sendCommand(['CLIENT', 'KILL', 'ID', id]);
  }

  /** Appends an event, as a producer would; the same `n` is the same event. */
  async publish(n: number, stream = this.streams[n % 2]!, key = `key-${n}`): Promise<string> {
    return this.append(JSON.stringify(eventOf(n, key)), stream);
  }

  /** Appends any text where an event should be. */
  async append(ce: string, stream = this.streams[0]!): Promise<string> {
    const { id, type, partitionkey } = fieldsOf(ce);
    const fields: Record<string, string> =
      id && type && partitionkey ? { id, type, key: partitionkey } : {};
    return this.redis.xAdd(stream, '*', { ...fields, ce });
  }

  /** Gives all there is to a member that never settles any of it. */
  async giveAll(member: string): Promise<void> {
    const streams = this.streams.map((key) => ({ key, id: '>' }));
    for (const { key } of streams) {
      await this.redis.xGroupCreate(key, 'counter', '0', { MKSTREAM: true });
    }
    await this.redis.xReadGroup('counter', member, streams);
    await registerPartitions(this.db, this.streams);
    await this.db.updateTable('leases').set({ member, is_handed_back: false }).execute();
  }

  /** Says that owners have died at this entry. */
  async countStarts(entryId: string, starts: number): Promise<void> {
    const stream = this.streams[0]!;
    await this.db
      .insertInto('crash_counts')
      .values({ stream, entry_id: entryId, starts })
      .execute();
  }

  /** Who owns the partitions. */
  async owners(): Promise<string[]> {
    const rows = await this.db.selectFrom('leases').select('member').execute();
    return rows.map(({ member }) => member ?? '').sort();
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

/** The event that {@link GroupHarness.publish} appends. */
export function eventOf(n: number, key = `key-${n}`) {
  return buildEvent(Counted, '/test', {
    subject: key,
    occurrence: key === `key-${n}` ? 1 : n,
    sequence: 1,
    time: new Date(0),
    data: { n },
  });
}

function fieldsOf(ce: string): { id?: string; type?: string; partitionkey?: string } {
  try {
    return JSON.parse(ce) as { id?: string };
  } catch {
    return {};
  }
}

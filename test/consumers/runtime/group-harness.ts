import type { Kysely } from 'kysely';
import { pino } from 'pino';
import { z } from 'zod';
import { on, type React } from '../../../consumers/runtime/consumer';
import type { Running } from '../../../consumers/runtime/consumer';
import { channelOf } from '../../../consumers/runtime/group-options';
import type { AppendOnce } from '../../../consumers/runtime/outbox-relay';
import type { ReadArchive } from '../../../consumers/runtime/replay-loop';
import { runGroup, type RunningGroup } from '../../../consumers/runtime/run-group';
import { migrateConsumer } from '../../../db/consumers/migrate-consumer';
import { registerPartitions } from '../../../db/consumers/leases';
import type { RuntimeSchema } from '../../../db/consumers/tables';
import { listen } from '../../../db/listen';
import { waitFor } from '../../../dev/wait';
import { buildEvent, defineEvent } from '../../../events/envelope';
import { createLink } from '../../../platform/redis';
import type { RedisLink } from '../../../platform/redis-link';
import { createBroker } from '../../../platform/redis-broker';
import { createTestDatabase, type TestDatabase } from '../../jest/database';
import { openTestLink, testRedisUrl } from '../../jest/redis';

const EFFECTS_TIMEOUT_MS = 15_000;

/** The event that a test's consumer counts. */
export const Counted = defineEvent('Counted', 'test.counted.v1', z.looseObject({ n: z.number() }));

/** The tables of a test's consumer: it writes down each effect. */
export interface CounterSchema extends RuntimeSchema {
  effects: { event_id: string; n: number };
}

interface StartOptions {
  readonly react?: React<{ n: number }, CounterSchema>;
  readonly leaseMs?: number;
  readonly running?: Running;
  readonly readArchive?: ReadArchive;
  readonly append?: AppendOnce;
  /** Told of what is logged, warnings and worse. */
  readonly onLog?: (line: string) => void;
}

/** A consumer group of a test, on a database and streams of its own. */
export class GroupHarness {
  readonly streams = ['test:{0}:events', 'test:{1}:events'];
  #running: RunningGroup[] = [];
  #links: RedisLink[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly db: Kysely<CounterSchema>,
    readonly link: RedisLink,
    private readonly redisUrl: string,
  ) {}

  /** On the suite's Redis, or on another. */
  static async open(redisUrl = testRedisUrl()): Promise<GroupHarness> {
    const database = await createTestDatabase();
    const admin = database.connect<unknown>({ searchPath: 'counter' });
    await migrateConsumer(admin, 'counter', {
      '0001': 'create table effects (event_id text not null, n integer not null)',
    });
    const db = database.connect<CounterSchema>({ role: 'tandem_counter', searchPath: 'counter' });
    return new GroupHarness(database, db, await openTestLink(redisUrl), redisUrl);
  }

  /** Starts a member that counts, or does what `react` says. */
  async start(
    member: string,
    { react, leaseMs = 1_000, running = {}, readArchive, append, onLog }: StartOptions = {},
  ): Promise<RunningGroup> {
    const onError = () => undefined;
    const options = { url: this.redisUrl, name: 'member', onError };
    const link = createLink({ ...options, use: 'commands' });
    await link.connect();
    this.#links.push(link);
    const group = runGroup({
      group: 'counter',
      member,
      running,
      reactions: [on(Counted, react ?? count)],
      // Its own tables do not matter to the runtime.
      db: this.db,
      broker: createBroker(link, options),
      streams: this.streams,
      leaseMs,
      followUps: {
        source: '/test',
        streamOf: () => this.streams[0]!,
        append: append ?? (async ({ body }) => ({ streamId: await this.append(body) })),
      },
      readArchive: readArchive ?? (() => Promise.resolve([])),
      listen: (onChange) =>
        listen({ url: this.database.url, applicationName: 'test', onError }, channelOf('counter'), {
          onNotification: onChange,
          onListening: () => onChange(''),
        }),
      logger: onLog
        ? pino({ level: 'warn' }, { write: onLog })
        : pino({ level: process.env['TEST_LOG_LEVEL'] ?? 'silent' }),
    });
    this.#running.push(group);
    return group;
  }

  /** Cuts the connections of all members, as a failing network would. */
  async cutConnections(): Promise<void> {
    // One that is the sender's own is spared.
    await this.link.sendToAll(['CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes']);
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
    const flat = Object.entries({ ...fields, ce }).flat();
    return (await this.send(['XADD', stream, '*', ...flat])) as string;
  }

  /** Sends a command about a stream, or about the one that it names as its first key. */
  async send(args: readonly string[]): Promise<unknown> {
    const stream = args.find((one) => this.streams.includes(one)) ?? this.streams[0]!;
    return this.link.send(stream, args);
  }

  /** How many entries are given to the group and not settled. */
  async pending(): Promise<number> {
    const found = await Promise.all(this.streams.map((stream) => this.#pendingIn(stream)));
    return found.reduce((sum, count) => sum + count, 0);
  }

  async #pendingIn(stream: string): Promise<number> {
    try {
      const [count] = (await this.send(['XPENDING', stream, 'counter'])) as [number];
      return count;
    } catch (error) {
      // No member has come by yet.
      if (error instanceof Error && error.message.startsWith('NOGROUP')) return 0;
      throw error;
    }
  }

  /** Gives all there is to a member that never settles any of it. */
  async giveAll(member: string): Promise<void> {
    for (const stream of this.streams) {
      await this.send(['XGROUP', 'CREATE', stream, 'counter', '0', 'MKSTREAM']);
      await this.send(['XREADGROUP', 'GROUP', 'counter', member, 'STREAMS', stream, '>']);
    }
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

  /** An archive with an event for each of these numbers, where {@link publish} would append it. */
  archiveOf(
    numbers: () => readonly number[],
    streamOf = (n: number) => this.streams[n % 2]!,
    key?: string,
  ) {
    const read: ReadArchive = ({ stream, after, limit }) => {
      const here = numbers().filter((n) => streamOf(n) === stream && n > Number(after || 0));
      return Promise.resolve(here.slice(0, limit).map((n) => archived(n, key)));
    };
    return read;
  }

  /** Waits until there are as many effects as these, and compares. */
  async expectEffects(expected: readonly number[]): Promise<void> {
    await waitFor('the effects', EFFECTS_TIMEOUT_MS, async () =>
      (await this.effects()).length >= expected.length ? true : undefined,
    );
    expect(await this.effects()).toEqual(expected);
  }

  /** The effects there are, by number. */
  async effects(): Promise<number[]> {
    const rows = await this.db.selectFrom('effects').select('n').execute();
    return rows.map(({ n }) => n).sort((a, b) => a - b);
  }

  async stop(): Promise<void> {
    await Promise.all(this.#running.splice(0).map((group) => group.stop()));
    for (const link of this.#links.splice(0)) link.close();
  }

  async close(): Promise<void> {
    await this.stop();
    this.link.close();
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

function archived(n: number, keyOfAll?: string) {
  const event = eventOf(n, keyOfAll);
  const { id, type, partitionkey: key } = event;
  return { id, type, key, body: JSON.stringify(event), streamId: null, cursor: String(n) };
}

function fieldsOf(ce: string): { id?: string; type?: string; partitionkey?: string } {
  try {
    return JSON.parse(ce) as { id?: string };
  } catch {
    return {};
  }
}

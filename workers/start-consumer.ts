import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql, type Kysely } from 'kysely';
import type { Logger } from 'pino';
import { sourceOf } from '../consumers/runtime/follow-ups';
import { channelOf } from '../consumers/runtime/group-options';
import type { Observer } from '../consumers/runtime/observer';
import { runGroup, type RunningGroup } from '../consumers/runtime/run-group';
import { readArchive } from '../db/consumers/archive';
import { consumerRole } from '../db/consumers/migrate-consumer';
import type { RuntimeSchema } from '../db/consumers/tables';
import type { DatabaseOptions } from '../db/database';
import { listen } from '../db/listen';
import { publishOnce } from '../events/publish-once';
import { PARTITIONS, streamKey, streamOf } from '../events/streams';
import { loadSettings } from '../platform/config';
import type { ReadinessCheck } from '../platform/health-server';
import type { Lifecycle } from '../platform/lifecycle';
import { createBroker } from '../platform/redis-broker';
import { streamAccess } from '../platform/redis-scripts';
import { repeat } from '../platform/repeat';
import { openDatabase, openRedis } from './connections';
import type { AnyConsumer } from './consumer-registry';

/** A group's own pool: a transaction for each reaction at work, and its loops. */
const CONNECTIONS_PER_GROUP = 10;
/** Of a group that wants more reactions at once than is usual. */
const CONNECTIONS_FOR_LOOPS = 2;

/** PostgreSQL ends a transaction that idles longer before the lease of its partition ends. */
const IDLE_SHARE_OF_LEASE = 0.6;

/** What the groups of one process share. */
export interface ConsumerHost {
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly leaseSeconds: number;
  /** A pool in the role `tandem_archive`. */
  readonly archive: Kysely<unknown>;
  readonly observerOf?: (group: string) => Observer;
  readonly onPool?: DatabaseOptions['onPool'];
}

/** Starts one group with connections of its own; returns its readiness check. */
export async function startConsumer(
  host: ConsumerHost,
  consumer: AnyConsumer,
): Promise<[group: string, check: ReadinessCheck]> {
  const { lifecycle } = host;
  const { group, settings } = consumer;
  const logger = host.logger.child({ group });
  const behaviour = consumer.create(loadSettings(settings));
  const database = databaseOf(host, consumer);
  const db = openDatabase<RuntimeSchema>(lifecycle, logger, database);
  if (behaviour.close) lifecycle.onStop(group, behaviour.close);
  const running = await startMember({ ...host, logger }, { consumer, behaviour, db });
  lifecycle.onStop(group, running.stop);

  for (const { name, intervalMs, run } of behaviour.tasks ?? []) {
    const task = repeat({ name, intervalMs, logger }, (signal) => run(db, signal));
    lifecycle.onStop(name, task.stop);
  }
  return [
    group,
    async () => {
      await sql`select 1`.execute(db);
      if (!running.isHealthy()) throw new Error('it does not read, or what it needs is down');
    },
  ];
}

function databaseOf(
  { databaseUrl, leaseSeconds, onPool }: ConsumerHost,
  { group, concurrency = 0 }: AnyConsumer,
) {
  return {
    ...{ url: databaseUrl, onPool },
    applicationName: `tandem-${group}`,
    role: consumerRole(group),
    searchPath: group,
    maxConnections: Math.max(CONNECTIONS_PER_GROUP, concurrency + CONNECTIONS_FOR_LOOPS),
    idleInTransactionTimeoutMs: leaseSeconds * 1000 * IDLE_SHARE_OF_LEASE,
  };
}

interface Member {
  readonly consumer: AnyConsumer;
  readonly behaviour: ReturnType<AnyConsumer['create']>;
  readonly db: Kysely<RuntimeSchema>;
}

async function startMember(
  host: ConsumerHost,
  { consumer, behaviour, db }: Member,
): Promise<RunningGroup> {
  const { group } = consumer;
  const { lifecycle, logger, archive } = host;
  const onError = (err: Error) => logger.warn({ err }, 'lost a connection');
  const redis = { url: host.redisUrl, name: `tandem-${group}` };
  const commands = await openRedis(lifecycle, logger, { ...redis, use: 'commands' });
  const access = streamAccess(commands);
  return runGroup({
    group,
    ...(host.observerOf ? { observer: host.observerOf(group) } : {}),
    // Never the name of an earlier process: what that one left must be seen as left.
    member: `${hostname()}-${randomUUID()}`,
    running: consumer,
    reactions: behaviour.reactions,
    db,
    broker: createBroker(commands, { ...redis, onError }),
    streams: PARTITIONS.map(streamKey),
    leaseMs: host.leaseSeconds * 1000,
    followUps: {
      source: sourceOf(group),
      streamOf,
      append: (event, options) => publishOnce(access, event, options),
    },
    readArchive: (query) => readArchive(archive, query),
    listen: (onChange) =>
      listen({ ...databaseOf(host, consumer), onError }, channelOf(group), {
        onNotification: onChange,
        onListening: () => onChange(''),
      }),
    logger,
  });
}

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql, type Kysely } from 'kysely';
import { channelOf } from '../consumers/runtime/group-options';
import { sourceOf } from '../consumers/runtime/follow-ups';
import { runGroup } from '../consumers/runtime/run-group';
import { readArchive } from '../db/consumers/archive';
import { consumerRole } from '../db/consumers/migrate-consumer';
import type { RuntimeSchema } from '../db/consumers/tables';
import { listen } from '../db/listen';
import { publishOnce } from '../events/publish-once';
import { PARTITIONS, streamKey, streamOf } from '../events/streams';
import { loadConfig, loadSettings } from '../platform/config';
import { startHealthServer, type ReadinessCheck } from '../platform/health-server';
import { runProcess, type Lifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/log';
import { createBroker } from '../platform/redis-broker';
import { streamAccess } from '../platform/redis-scripts';
import { repeat } from '../platform/repeat';
import { openDatabase, openRedis } from './connections';
import { trimStreams } from './trim-streams';
import { consumersNamed, type AnyConsumer } from './consumer-registry';

/** A group's own pool: a transaction for each reaction at work, and its loops. */
const CONNECTIONS_PER_GROUP = 10;

/** Replays read page by page, a few at once. */
const ARCHIVE_CONNECTIONS = 2;

/** PostgreSQL ends a transaction that idles longer before the lease of its partition ends. */
const IDLE_SHARE_OF_LEASE = 0.6;

const config = loadConfig(
  'DATABASE_URL',
  'REDIS_URL',
  'CONSUMER_GROUPS',
  'CONSUMER_LEASE_SECONDS',
  'EVENT_RETENTION_HOURS',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
);
const logger = createLogger('consumer-worker', config.LOG_LEVEL);

runProcess(logger, async (lifecycle) => {
  const consumers = consumersNamed(config.CONSUMER_GROUPS);
  const archive = openDatabase<unknown>(lifecycle, logger, {
    url: config.DATABASE_URL,
    applicationName: 'tandem-consumer-archive',
    role: 'tandem_archive',
    maxConnections: ARCHIVE_CONNECTIONS,
  });
  await startTrimming(lifecycle, archive);
  const checks = await Promise.all(
    consumers.map((consumer) => startConsumer(lifecycle, archive, consumer)),
  );
  const health = await startHealthServer(
    { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
    Object.fromEntries(checks),
  );
  lifecycle.onStop('health', health.close);
  logger.info({ healthPort: health.port, groups: consumers.map(({ group }) => group) }, 'ready');
});

/** Every process does it: it is the same whoever does, and one may be away. */
async function startTrimming(lifecycle: Lifecycle, archive: Kysely<unknown>): Promise<void> {
  const redis = await openRedis(lifecycle, logger, {
    ...{ url: config.REDIS_URL, name: 'tandem-trimmer', use: 'commands' },
  });
  const retentionMs = config.EVENT_RETENTION_HOURS * 3_600_000;
  const trimming = trimStreams({ redis: streamAccess(redis), archive, retentionMs, logger });
  lifecycle.onStop('trimming', trimming.stop);
}

/** Starts one group with connections of its own; returns its readiness check. */
async function startConsumer(
  lifecycle: Lifecycle,
  archive: Kysely<unknown>,
  consumer: AnyConsumer,
): Promise<[group: string, check: ReadinessCheck]> {
  const { group, settings } = consumer;
  const groupLogger = logger.child({ group });
  const behaviour = consumer.create(loadSettings(settings));
  if (behaviour.close) lifecycle.onStop(group, behaviour.close);

  const leaseMs = config.CONSUMER_LEASE_SECONDS * 1000;
  const database = {
    url: config.DATABASE_URL,
    applicationName: `tandem-${group}`,
    role: consumerRole(group),
    searchPath: group,
    maxConnections: CONNECTIONS_PER_GROUP,
    idleInTransactionTimeoutMs: leaseMs * IDLE_SHARE_OF_LEASE,
  };
  const db = openDatabase<RuntimeSchema>(lifecycle, groupLogger, database);
  const onError = (err: Error) => groupLogger.warn({ err }, 'lost a connection');
  const redis = { url: config.REDIS_URL, name: `tandem-${group}` };
  const commands = await openRedis(lifecycle, groupLogger, { ...redis, use: 'commands' });
  const access = streamAccess(commands);
  const running = runGroup({
    group,
    // Never the name of an earlier process: what that one left must be seen as left.
    member: `${hostname()}-${randomUUID()}`,
    running: consumer,
    reactions: behaviour.reactions,
    db,
    broker: createBroker(commands, { ...redis, onError }),
    streams: PARTITIONS.map(streamKey),
    leaseMs,
    followUps: {
      source: sourceOf(group),
      streamOf,
      append: (event, options) => publishOnce(access, event, options),
    },
    readArchive: (query) => readArchive(archive, query),
    listen: (onChange) =>
      listen({ ...database, onError }, channelOf(group), {
        onNotification: onChange,
        onListening: onChange,
      }),
    logger: groupLogger,
  });
  lifecycle.onStop(group, running.stop);

  for (const { name, intervalMs, run } of behaviour.tasks ?? []) {
    const task = repeat({ name, intervalMs, logger: groupLogger }, (signal) => run(db, signal));
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

import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { sql } from 'kysely';
import { runGroup } from '../consumers/runtime/run-group';
import { consumerRole } from '../db/consumer-schema';
import type { InboxSchema } from '../db/inbox';
import { PARTITIONS, streamKey } from '../events/streams';
import { loadConfig, loadSettings } from '../platform/config';
import { startHealthServer, type ReadinessCheck } from '../platform/health-server';
import { runProcess, type Lifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/log';
import { repeat } from '../platform/repeat';
import { openDatabase, openRedis } from './connections';
import { consumersNamed, type AnyConsumer } from './consumer-registry';

/** A group's own pool: one transaction a partition, and its tasks. */
const CONNECTIONS_PER_GROUP = 10;

const config = loadConfig(
  'DATABASE_URL',
  'REDIS_URL',
  'CONSUMER_GROUPS',
  'CONSUMER_RECLAIM_SECONDS',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
);
const logger = createLogger('consumer-worker', config.LOG_LEVEL);

runProcess(logger, async (lifecycle) => {
  const consumers = consumersNamed(config.CONSUMER_GROUPS);
  const checks = await Promise.all(consumers.map((consumer) => startConsumer(lifecycle, consumer)));
  const health = await startHealthServer(
    { host: config.HEALTH_HOST, port: config.HEALTH_PORT },
    Object.fromEntries(checks),
  );
  lifecycle.onStop('health', health.close);
  logger.info({ healthPort: health.port, groups: consumers.map(({ group }) => group) }, 'ready');
});

/** Starts one group with connections of its own; returns its readiness check. */
async function startConsumer(
  lifecycle: Lifecycle,
  { group, settings, create }: AnyConsumer,
): Promise<[group: string, check: ReadinessCheck]> {
  const groupLogger = logger.child({ group });
  const behaviour = create(loadSettings(settings));
  if (behaviour.close) lifecycle.onStop(group, behaviour.close);

  const db = openDatabase<InboxSchema>(lifecycle, groupLogger, {
    url: config.DATABASE_URL,
    applicationName: `tandem-${group}`,
    role: consumerRole(group),
    searchPath: group,
    maxConnections: CONNECTIONS_PER_GROUP,
  });
  const redis = { url: config.REDIS_URL, name: `tandem-${group}` };
  const [reader, commands] = await Promise.all([
    openRedis(lifecycle, groupLogger, { ...redis, use: 'blocking' }),
    openRedis(lifecycle, groupLogger, { ...redis, use: 'commands' }),
  ]);
  const running = runGroup({
    group,
    // Never the name of an earlier process: what that one left must be seen as left.
    member: `${hostname()}-${randomUUID()}`,
    reactions: behaviour.reactions,
    db,
    reader,
    commands,
    streams: PARTITIONS.map(streamKey),
    reclaimIdleMs: config.CONSUMER_RECLAIM_SECONDS * 1000,
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
      if (!running.isHealthy()) throw new Error('its last round failed');
    },
  ];
}

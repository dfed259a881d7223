import '../platform/instrumentation';
import type { Kysely } from 'kysely';
import { loadConfig } from '../platform/config';
import { startHealthServer } from '../platform/health-server';
import { runProcess, sideBySide, type Lifecycle } from '../platform/lifecycle';
import { createLogger } from '../platform/log';
import { Metrics } from '../platform/metrics';
import type { RedisLink } from '../platform/redis-link';
import { streamAccess } from '../platform/redis-scripts';
import { startTelemetry } from '../platform/telemetry';
import { openArchive, openRedis } from './connections';
import { refuseUnsafeStart } from './safe-start';
import { consumersNamed } from './consumer-registry';
import { consumerMetrics } from './consumer-metrics';
import { measurePools } from './pool-metrics';
import { startConsumer } from './start-consumer';
import { trimStreams } from './trim-streams';

const config = loadConfig(
  'NODE_ENV',
  'DATABASE_URL',
  'REDIS_URL',
  'CONSUMER_GROUPS',
  'CONSUMER_LEASE_SECONDS',
  'EVENT_RETENTION_HOURS',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
);
const logger = createLogger('consumer-worker', config.LOG_LEVEL);

runProcess(logger, async (lifecycle) => {
  const consumers = consumersNamed(config.CONSUMER_GROUPS);
  const telemetry = startTelemetry('tandem-consumer-worker', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  lifecycle.onStop('telemetry', telemetry.stop);
  const metrics = new Metrics('consumer-worker');
  const onPool = measurePools(metrics);
  const archive = openArchive(lifecycle, logger, { url: config.DATABASE_URL, onPool });
  const redis = await openRedis(lifecycle, logger, {
    isCheckedAtStart: config.NODE_ENV === 'production',
    ...{ url: config.REDIS_URL, name: 'tandem-trimmer', use: 'commands' },
  });
  await refuseUnsafeStart(config, { db: archive, redis }, logger);
  startTrimming(lifecycle, archive, redis);
  const host = {
    ...{ logger, archive, onPool },
    observerOf: consumerMetrics(metrics, {
      isTraced: config.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
    }),
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    leaseSeconds: config.CONSUMER_LEASE_SECONDS,
  };
  const lifecycles = sideBySide(lifecycle, 'groups', consumers.length);
  const checks = await Promise.all(
    consumers.map((consumer, index) =>
      startConsumer({ ...host, lifecycle: lifecycles[index]! }, consumer),
    ),
  );
  const health = await startHealthServer({
    ...{ host: config.HEALTH_HOST, port: config.HEALTH_PORT, metrics },
    checks: Object.fromEntries(checks),
  });
  lifecycle.onStop('health', health.close);
  logger.info({ healthPort: health.port, groups: consumers.map(({ group }) => group) }, 'ready');
});

/** Every process does it: it is the same whoever does, and one may be away. */
function startTrimming({ onStop }: Lifecycle, archive: Kysely<unknown>, redis: RedisLink): void {
  const retentionMs = config.EVENT_RETENTION_HOURS * 3_600_000;
  const trimming = trimStreams({ redis: streamAccess(redis), archive, retentionMs, logger });
  onStop('trimming', trimming.stop);
}

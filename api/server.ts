import '../platform/instrumentation';
import { sql } from 'kysely';
import { Groups } from '../consumers/admin/groups';
import type { Database } from '../db/database';
import { createSealer, sealingKeysSchema } from '../events/sealing';
import { createOperator } from '../ops/operator';
import { lazyTemporalClient } from '../ops/operator-tools';
import { xrayLinks } from '../ops/xray/command';
import { ConfigurationError, loadConfig } from '../platform/config';
import { failingChecks, startHealthServer } from '../platform/health-server';
import { runProcess } from '../platform/lifecycle';
import { incompleteJwt } from '../platform/production';
import { createLogger } from '../platform/log';
import { Metrics } from '../platform/metrics';
import { createBroker } from '../platform/redis-broker';
import { streamAccess } from '../platform/redis-scripts';
import { startTelemetry } from '../platform/telemetry';
import { openDatabase, openRedis } from '../workers/connections';
import { httpMetrics } from '../workers/http-metrics';
import { overviewMetrics } from '../workers/overview-metrics';
import { measurePools } from '../workers/pool-metrics';
import { refuseUnsafeStart } from '../workers/safe-start';
import type { TokenSettings } from './callers/tokens';
import { drain, listen } from './http/server';
import { createService } from './service';

/** The requests under way when the API stops have this long to end. */
const DRAIN_MS = 8_000;

/** Who looks waits no longer for a statement; the page asks again. */
const LOOK_MS = 3_000;

/** A request waits no longer for the reconciler's report. */
const RECONCILE_WAIT_MS = 8_000;

const config = loadConfig(
  'NODE_ENV',
  'DATABASE_URL',
  'REDIS_URL',
  'API_HOST',
  'API_PORT',
  'STRIPE_WEBHOOK_SECRETS',
  'EVENT_SEALING_KEYS',
  'WEBHOOKS_ALLOW_LOOPBACK',
  'CORS_ORIGINS',
  'TRUSTED_PROXIES',
  'RATE_LIMIT_CALLER',
  'RATE_LIMIT_ADDRESS',
  'BACKLOG_MAX_PENDING',
  'BACKLOG_MAX_WAIT_SECONDS',
  'JWT_ISSUER',
  'JWT_AUDIENCE',
  'JWT_JWKS_URL',
  'JWT_TENANT_CLAIM',
  'JWT_CUSTOMER_CLAIM',
  'JWT_MAY_OPERATE',
  'TEMPORAL_TASK_QUEUE',
  'PLACEMENT_DEADLINE_SECONDS',
  'TEMPORAL_UI_URL',
  'DEVELOPMENT_URL',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
);
const logger = createLogger('api', config.LOG_LEVEL);

runProcess(logger, async (lifecycle) => {
  const { onStop } = lifecycle;
  const telemetry = startTelemetry('tandem-api', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  onStop('telemetry', telemetry.stop);

  const metrics = new Metrics('api');
  const onPool = measurePools(metrics);
  const database = {
    url: config.DATABASE_URL,
    applicationName: 'tandem-api',
    role: 'tandem_orders',
    onPool,
    onError: (err: Error) => logger.warn({ err }, 'lost a database connection'),
  };
  const db: Database = openDatabase(lifecycle, logger, database);
  const redis = await openRedis(lifecycle, logger, {
    isCheckedAtStart: config.NODE_ENV === 'production',
    ...{ url: config.REDIS_URL, name: 'tandem-api', use: 'commands' },
  });
  await refuseUnsafeStart(config, { db, redis }, logger);

  const groups = new Groups(config.DATABASE_URL, 'tandem-api-commands', undefined, onPool);
  const lookingGroups = new Groups(config.DATABASE_URL, 'tandem-api-looks', LOOK_MS, onPool);
  onStop('groups', () => Promise.all([groups.close(), lookingGroups.close()]));
  const client = lazyTemporalClient();
  onStop('temporal connection', () => client.connection.close());
  // Not the link on which requests are counted: what is looked at may be much.
  const look = { url: config.REDIS_URL, name: 'tandem-api-operator' };
  const lookingRedis = await openRedis(lifecycle, logger, {
    ...{ ...look, use: 'commands', isCheckedAtStart: true },
  });
  const onError = (err: Error) => logger.warn({ err }, 'Redis is away');
  const operator = createOperator({
    ...{ db, groups, lookingGroups, client, links: xrayLinks() },
    broker: createBroker(lookingRedis, { ...look, onError }),
    pingRedis: () => lookingRedis.sendToAll(['PING']),
    sagas: {
      taskQueue: config.TEMPORAL_TASK_QUEUE,
      placementDeadlineSeconds: config.PLACEMENT_DEADLINE_SECONDS,
      reconcileWaitMs: RECONCILE_WAIT_MS,
    },
  });
  overviewMetrics(metrics, operator.overview, logger);
  const checks = { postgresql: () => sql`select 1`.execute(db) };
  const service = createService({
    ...{ db, database, logger, redis: streamAccess(redis), operator },
    room: { temporalUi: config.TEMPORAL_UI_URL, development: config.DEVELOPMENT_URL },
    observeRequest: httpMetrics(metrics),
    failing: () => failingChecks(checks),
    webhookSecrets: config.STRIPE_WEBHOOK_SECRETS,
    sealer: createSealer(sealingKeysSchema.parse(config.EVENT_SEALING_KEYS)),
    targetPolicy: { isLoopbackAllowed: config.WEBHOOKS_ALLOW_LOOPBACK },
    rateLimits: { perCaller: config.RATE_LIMIT_CALLER, perAddress: config.RATE_LIMIT_ADDRESS },
    admission: {
      maxPending: config.BACKLOG_MAX_PENDING,
      maxWaitSeconds: config.BACKLOG_MAX_WAIT_SECONDS,
    },
    tokens: tokenSettings(),
    corsOrigins: config.CORS_ORIGINS,
    trustedProxies: config.TRUSTED_PROXIES,
  });
  const inner = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
  const health = await startHealthServer({ ...inner, checks, metrics });
  onStop('health', health.close);
  const port = await listen(service.server, config.API_PORT, config.API_HOST);
  onStop('http server', () => drain(service.server, DRAIN_MS));
  // Before the server, so that those who wait are answered.
  onStop('who waits and follows', service.beginToStop);
  logger.info({ port, healthPort: health.port }, 'ready');
});

/** Tokens are accepted where it is said of whom, for what, and by which keys. */
function tokenSettings(): TokenSettings | undefined {
  const { JWT_ISSUER, JWT_AUDIENCE, JWT_JWKS_URL } = config;
  const missing = incompleteJwt(config);
  if (missing.length > 0) throw new ConfigurationError(missing.join());
  if (JWT_ISSUER === undefined) return undefined;
  return {
    ...{ issuer: JWT_ISSUER, audience: JWT_AUDIENCE!, jwksUrl: JWT_JWKS_URL! },
    tenantClaim: config.JWT_TENANT_CLAIM,
    customerClaim: config.JWT_CUSTOMER_CLAIM,
    mayOperate: config.JWT_MAY_OPERATE,
  };
}

import '../platform/instrumentation';
import { setFlagsFromString } from 'node:v8';
import { Client } from '@temporalio/client';
import { Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import { sql } from 'kysely';
import type Stripe from 'stripe';
import { createActivities } from '../activities';
import { createPaymentReconciler } from '../activities/reconcile-payment';
import type { Database } from '../db/database';
import { createSealer, sealingKeysSchema } from '../events/sealing';
import { loadConfig } from '../platform/config';
import { startHealthServer, type ReadinessCheck } from '../platform/health-server';
import { runProcess, type Lifecycle } from '../platform/lifecycle';
import { createLogger, temporalLogger } from '../platform/log';
import { Metrics } from '../platform/metrics';
import { streamAccess } from '../platform/redis-scripts';
import { startTelemetry } from '../platform/telemetry';
import { connectWorker, freeMetricsAddress } from '../platform/temporal';
import { createCancelRelay } from './cancel-relay';
import { openDatabase, openRedis } from './connections';
import { forgetKeys } from './forget-keys';
import { measurePools } from './pool-metrics';
import { refuseUnsafeStart } from './safe-start';
import { registerSearchAttributes } from './search-attributes';
import { ensureReconciliationSchedule, reconciliationRequest } from './reconciliation-schedule';
import { sagaMetrics } from './saga-metrics';
import { createSagaRecorder } from './saga-recorder';
import { startSagaRelay } from './saga-relay';
import { createSagaStarter } from './saga-starter';
import { settleWebhooks } from './settle-webhooks';
import { createStripe } from './stripe';
import { watchBacklog } from './watch-backlog';
import { workflowSource } from './workflow-bundle';

/** Activities under way when the worker stops have this long to end, then they are given up. */
const SHUTDOWN_GRACE = '5s';
const SHUTDOWN_FORCE = '8s';

/**
 * The SDK takes a stack trace at each promise of a workflow, for the Web UI's "Call Stack", and maps
 * each frame back to its source: a quarter of what a saga cost. One frame says where an error is
 * from; the steps reached are in the current details (docs/performance.md).
 */
const WORKFLOW_STACK_FRAMES = 1;

/**
 * A saga holds a workflow task and a local activity while the payment provider answers, so that
 * these bound the orders under way in one worker: twenty a second each take seconds, not more.
 */
const MAX_SAGAS_AT_ONCE = 200;

const config = loadConfig(
  'NODE_ENV',
  'DATABASE_URL',
  'REDIS_URL',
  'TEMPORAL_TASK_QUEUE',
  'WORKER_DEPLOYMENT',
  'STRIPE_API_KEY',
  'STRIPE_API_BASE',
  'EVENT_SEALING_KEYS',
  'PLACEMENT_DEADLINE_SECONDS',
  'HEALTH_HOST',
  'HEALTH_PORT',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
);
const logger = createLogger('saga-worker', config.LOG_LEVEL);
const metrics = new Metrics('saga-worker');
const database = {
  url: config.DATABASE_URL,
  applicationName: 'tandem-saga-worker',
  role: 'tandem_orders',
  onPool: measurePools(metrics),
};

// Before the thread of the workflows is made.
setFlagsFromString(`--stack-trace-limit=${WORKFLOW_STACK_FRAMES}`);
runProcess(logger, async (lifecycle) => {
  const { onStop } = lifecycle;
  // Signals have one owner: runProcess.
  const bindAddress = await freeMetricsAddress();
  Runtime.install({
    logger: temporalLogger(logger),
    shutdownSignals: [],
    telemetryOptions: { metrics: { prometheus: { bindAddress } } },
  });
  metrics.addPage(`http://${bindAddress}/metrics`);
  const telemetry = startTelemetry('tandem-saga-worker', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  onStop('telemetry', telemetry.stop);
  const { temporalPlugins: plugins } = telemetry;

  const db: Database = openDatabase(lifecycle, logger, database);
  const redis = await openRedis(lifecycle, logger, {
    isCheckedAtStart: config.NODE_ENV === 'production',
    url: config.REDIS_URL,
    name: 'tandem-saga-worker',
    use: 'commands',
  });
  await refuseUnsafeStart(config, { db, redis }, logger);
  const stripe = createStripe(config.STRIPE_API_KEY, config.STRIPE_API_BASE);
  const temporal: { worker?: Worker } = {};
  const healthPort = await serveHealth(lifecycle, {
    postgresql: () => sql`select 1`.execute(db),
    redis: () => redis.sendToAll(['PING']),
    temporal: () => {
      if (temporal.worker?.getState() !== 'RUNNING') throw new Error('the worker is not running');
    },
  });

  const count = sagaMetrics(metrics);
  const recorder = createSagaRecorder(db, logger);
  onStop('saga recorder', recorder.stop);
  const bundling = { plugins, logger: temporalLogger(logger) };
  const { connection, namespace } = await connectTemporal(lifecycle);
  const client = new Client({ connection, namespace, plugins });
  temporal.worker = await Worker.create({
    connection,
    namespace,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    ...(await workflowSource(plugins.length > 0 ? 'traced' : 'plain', bundling)),
    activities: createActivities({
      ...{ db, redis: streamAccess(redis), stripe },
      sealer: createSealer(sealingKeysSchema.parse(config.EVENT_SEALING_KEYS)),
      observe(attempt) {
        count(attempt);
        recorder.observe(attempt);
      },
    }),
    plugins,
    maxConcurrentWorkflowTaskExecutions: MAX_SAGAS_AT_ONCE,
    maxConcurrentLocalActivityExecutions: MAX_SAGAS_AT_ONCE,
    ...versionOptions(config.WORKER_DEPLOYMENT),
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: SHUTDOWN_FORCE,
  });
  runWorker(lifecycle, temporal.worker);
  await ensureReconciliationSchedule(
    client,
    config.TEMPORAL_TASK_QUEUE,
    reconciliationRequest(config.PLACEMENT_DEADLINE_SECONDS),
  );
  startDuties(lifecycle, db, stripe, client);
  logger.info({ healthPort }, 'ready');
});

async function serveHealth(
  { onStop }: Lifecycle,
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<number> {
  const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
  const health = await startHealthServer({ ...address, checks, metrics });
  onStop('health', health.close);
  return health.port;
}

/** With a version an order finishes on the code with which it began (docs/versions.md). */
function versionOptions(deployment: string | undefined): Partial<WorkerOptions> {
  if (deployment === undefined) return {};
  const [deploymentName = '', buildId = ''] = deployment.split(':');
  return {
    workerDeploymentOptions: {
      version: { deploymentName, buildId },
      useWorkerVersioning: true,
      defaultVersioningBehavior: 'PINNED',
    },
  };
}

/** Waits for Temporal, and makes sure that it knows the search attributes. */
async function connectTemporal({ onStop }: Lifecycle) {
  const stopping = new AbortController();
  onStop('temporal connection', () => stopping.abort());
  const { connection, namespace } = await connectWorker(stopping.signal, (err) =>
    logger.warn({ err }, 'Temporal is away'),
  );
  onStop('temporal connection', () => connection.close());
  await registerSearchAttributes(connection, namespace);
  return { connection, namespace };
}

function runWorker({ onStop, fail }: Lifecycle, worker: Worker): void {
  const running = worker.run();
  running.catch(fail);
  onStop('temporal worker', async () => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
    await running;
  });
}

/** What a saga worker does beside its sagas. */
function startDuties({ onStop }: Lifecycle, db: Database, stripe: Stripe, client: Client): void {
  const starter = createSagaStarter({
    client,
    logger,
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    placementDeadlineMs: config.PLACEMENT_DEADLINE_SECONDS * 1000,
    // The server hands an eager first task out without looking at versions.
    isEager: config.WORKER_DEPLOYMENT === undefined,
  });
  const cancelRelay = createCancelRelay({ db, client, starter, logger });
  const listening = { ...database, onError: (err: Error) => logger.warn({ err }, 'not listening') };
  onStop('saga relay', startSagaRelay({ db, listening, starter, cancelRelay, logger }).stop);
  const reconcilePayment = createPaymentReconciler({ db, stripe });
  onStop('settle webhooks', settleWebhooks({ db, reconcilePayment, logger }).stop);
  const taskQueue = config.TEMPORAL_TASK_QUEUE;
  onStop('watch backlog', watchBacklog({ client, db, taskQueue, logger }).stop);
  onStop('forget keys', forgetKeys({ db, logger }).stop);
}

import { Client } from '@temporalio/client';
import { Runtime, Worker } from '@temporalio/worker';
import { pino } from 'pino';
import { z } from 'zod';
import { createStepActivities } from '../../activities';
import { createStepsActivity } from '../../activities/take-steps';
import { requestCancellation } from '../../db/cancellations';
import { createSealer, sealingKeysSchema } from '../../events/sealing';
import { loadConfig, loadSettings } from '../../platform/config';
import { startHealthServer } from '../../platform/health-server';
import { temporalLogger } from '../../platform/log';
import { repeat } from '../../platform/repeat';
import { createRedis } from '../../platform/redis';
import { connectWorker } from '../../platform/temporal';
import { createDatabase } from '../../db/database';
import { createCancelRelay } from '../../workers/cancel-relay';
import { createSagaStarter } from '../../workers/saga-starter';
import { createStripe } from '../../workers/stripe';
import { workflowSource } from '../../workers/workflow-bundle';
import { TENANT, TASK_QUEUE } from './orders';
import { struckActivities } from './strikes';

/** How soon a wish to cancel is carried out. */
const RELAY_MS = 100;

const config = loadConfig(
  ...(['DATABASE_URL', 'REDIS_URL', 'STRIPE_API_KEY', 'STRIPE_API_BASE'] as const),
  ...(['EVENT_SEALING_KEYS', 'HEALTH_PORT'] as const),
);
const { MATRIX_FOLDER } = loadSettings(z.object({ MATRIX_FOLDER: z.string() }));

/** A saga worker whose activities fail as the matrix plans. */
async function main(): Promise<void> {
  const logger = pino({ level: 'error' });
  const silent = temporalLogger(logger);
  Runtime.install({ logger: silent });
  const onError = () => undefined;
  const db = createDatabase({
    url: config.DATABASE_URL,
    applicationName: 'tandem-matrix',
    role: 'tandem_orders',
    onError,
  });
  const redis = createRedis({ url: config.REDIS_URL, name: 'matrix', use: 'commands', onError });
  await redis.connect();
  const { connection, namespace } = await connectWorker(new AbortController().signal, onError);
  const client = new Client({ connection, namespace });
  const starter = createSagaStarter({
    ...{ client, logger, taskQueue: TASK_QUEUE, placementDeadlineMs: 60_000, isEager: false },
  });
  const relay = createCancelRelay({ db, client, starter, logger });

  const steps = struckActivities(
    createStepActivities({
      ...{ db, redis, stripe: createStripe(config.STRIPE_API_KEY, config.STRIPE_API_BASE) },
      sealer: createSealer(sealingKeysSchema.parse(config.EVENT_SEALING_KEYS)),
    }),
    MATRIX_FOLDER,
    async (orderId) => {
      await requestCancellation(db, orderId, { tenant: TENANT });
      await relay.relayAll();
    },
  );
  const worker = await Worker.create({
    ...{ connection, namespace, taskQueue: TASK_QUEUE },
    ...(await workflowSource('plain', { logger: silent })),
    activities: { ...steps, ...createStepsActivity(steps) },
    maxConcurrentWorkflowTaskExecutions: 300,
    maxConcurrentLocalActivityExecutions: 300,
    maxConcurrentActivityTaskExecutions: 300,
  });
  repeat({ name: 'cancel relay', intervalMs: RELAY_MS, logger }, () => relay.relayAll());
  await startHealthServer({ host: '127.0.0.1', port: config.HEALTH_PORT, checks: {} });
  await worker.run();
}

void main();

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sql } from 'kysely';
import { createDatabase } from '../db/database';
import { createSealer, sealingKeysSchema } from '../events/sealing';
import { loadConfig } from '../platform/config';
import { failingChecks } from '../platform/health-server';
import { runProcess } from '../platform/lifecycle';
import { createLogger } from '../platform/log';
import { startTelemetry } from '../platform/telemetry';
import { createApp } from './app';
import { listenToOutcomes } from './outcomes';

/** Against clients that send slowly and never end; Node's own limits are minutes. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** The requests under way when the API stops have this long to end. */
const DRAIN_MS = 8_000;

const config = loadConfig(
  'DATABASE_URL',
  'API_HOST',
  'API_PORT',
  'STRIPE_WEBHOOK_SECRETS',
  'EVENT_SEALING_KEYS',
  'WEBHOOKS_ALLOW_LOOPBACK',
  'LOG_LEVEL',
  'OTEL_EXPORTER_OTLP_ENDPOINT',
);
const logger = createLogger('api', config.LOG_LEVEL);

runProcess(logger, async ({ onStop }) => {
  const telemetry = startTelemetry('tandem-api', config.OTEL_EXPORTER_OTLP_ENDPOINT);
  onStop('telemetry', telemetry.stop);

  const database = {
    url: config.DATABASE_URL,
    applicationName: 'tandem-api',
    role: 'tandem_orders',
    onError: (err: Error) => logger.warn({ err }, 'lost a database connection'),
  };
  const db = createDatabase(database);
  onStop('database', () => db.destroy());

  const outcomes = listenToOutcomes(database);
  const failing = () => failingChecks({ postgresql: () => sql`select 1`.execute(db) });
  const answer = createApp({
    ...{ db, outcomes, logger, failing },
    webhookSecrets: config.STRIPE_WEBHOOK_SECRETS,
    sealer: createSealer(sealingKeysSchema.parse(config.EVENT_SEALING_KEYS)),
    targetPolicy: { isLoopbackAllowed: config.WEBHOOKS_ALLOW_LOOPBACK },
  }).callback();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    // Koa answers errors itself and never rejects.
    (request, response) => void answer(request, response),
  );
  await listen(server, config.API_PORT, config.API_HOST);
  onStop('http server', () => drain(server));
  // Before the server, so that those who wait are answered.
  onStop('outcomes', outcomes.close);
  logger.info({ port: (server.address() as AddressInfo).port }, 'ready');
});

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
}

async function drain(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(deadline);
}

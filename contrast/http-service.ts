import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import Koa from 'koa';
import type { Kysely } from 'kysely';
import { createHttpServer, drain, listen } from '../api/http/server';
import { loadConfig, readEnvironment } from '../platform/config';
import { runProcess, type Lifecycle } from '../platform/lifecycle';
import { createLogger, type Logger } from '../platform/log';
import { openDatabase } from '../workers/connections';

/** The requests under way when a service stops have this long to end. */
const DRAIN_MS = 8_000;

/** As many as a consumer group of the product has. */
const CONNECTIONS = 10;

/** What a service is made of. */
export interface ServiceHost<Schema> {
  readonly router: Router;
  /** In the service's own schema. */
  readonly db: Kysely<Schema>;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
}

/** Runs this process as an HTTP service with a schema of its own, on `HEALTH_PORT`, until SIGTERM. */
export function runHttpService<Schema>(
  schema: string,
  mount: (host: ServiceHost<Schema>) => Promise<void> | void,
  maxConnections = CONNECTIONS,
): void {
  const config = loadConfig('DATABASE_URL', 'HEALTH_PORT', 'LOG_LEVEL');
  const logger = createLogger(schema, config.LOG_LEVEL);
  runProcess(logger, async (lifecycle) => {
    const db = openDatabase<Schema>(lifecycle, logger, {
      ...{ url: config.DATABASE_URL, applicationName: schema, searchPath: schema },
      maxConnections,
    });
    const router = new Router();
    router.get('/readyz', (ctx) => void (ctx.body = 'ready'));
    await mount({ router, db, lifecycle, logger });
    const app = new Koa();
    app.on('error', (err: Error) => logger.error({ err }, 'a request failed'));
    app.use(bodyParser()).use(router.routes());
    const server = createHttpServer(app);
    await listen(server, config.HEALTH_PORT, '127.0.0.1');
    lifecycle.onStop('http server', () => drain(server, DRAIN_MS));
  });
}

/** A setting of the contrast's own processes; throws when it is not there. */
export function ownSetting(name: string): string {
  const value = readEnvironment()[name];
  if (value === undefined) throw new Error(`${name} is needed`);
  return value;
}

import Router from '@koa/router';
import Koa from 'koa';
import type { Logger } from 'pino';
import { createGate, type GateDependencies } from './callers/gate';
import { mount } from './contract/mount';
import { corsFor } from './http/cors';
import { closeWhen, limitUrl } from './http/edges';
import { problems } from './http/problem';
import { requestLog, type ObserveRequest } from './http/request-log';
import { secureHeaders } from './http/secure-headers';
import { createOperations, type OperationDependencies } from './operations';
import type { RoomSettings } from './operator/operator';

/** Whoever asks too often from a probe's address must not make us look dead. */
const PROBES: ReadonlySet<string> = new Set(['/livez', '/readyz']);

/** What a client is called that went away before it had its answer. */
const GONE: ReadonlySet<string> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

/** What the API needs. */
export interface AppDependencies extends OperationDependencies, GateDependencies {
  readonly logger: Logger;
  /** Pages of these origins may call. */
  readonly corsOrigins: readonly string[];
  /** How many proxies of ours stand in front and say whom they speak for; 0: none is believed. */
  readonly trustedProxies: number;
  readonly isStopping: () => boolean;
  /** Told of every request once it is answered. */
  readonly observeRequest?: ObserveRequest;
}

/** The API: what every request passes, then the operation that it names. */
export function createApp(dependencies: AppDependencies): Koa {
  const { logger, rateLimits, trustedProxies } = dependencies;
  const app = new Koa({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  app.on('error', (err: NodeJS.ErrnoException) => {
    // Whoever follows an order ends it by going away.
    const level = GONE.has(err.code ?? '') ? 'debug' : 'warn';
    logger[level]({ err }, 'connection error');
  });
  app.use(requestLog(logger, dependencies.observeRequest));
  app.use(closeWhen(dependencies.isStopping));
  app.use(secureHeaders({ isBehindTls: trustedProxies > 0, mayAsk: mayAskOf(dependencies.room) }));
  app.use(corsFor(dependencies.corsOrigins));
  app.use(problems(logger));
  app.use(limitUrl);
  app.use(async (ctx, next) => {
    if (!PROBES.has(ctx.path)) await rateLimits.takeForAddress(ctx);
    await next();
  });
  const router = createRouter(dependencies);
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

function mayAskOf({ development }: RoomSettings): string[] {
  return development === undefined ? [] : [development];
}

/** Every operation, mounted. */
export function createRouter(dependencies: OperationDependencies & GateDependencies): Router {
  const router = new Router({ strict: true, sensitive: true });
  const gate = createGate(dependencies);
  for (const declared of createOperations(dependencies)) mount(router, declared, gate);
  return router;
}

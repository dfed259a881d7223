import { randomUUID } from 'node:crypto';
import type { Context, Next } from 'koa';
import type { Logger } from 'pino';

/** What we take over of a client's own request id. */
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** Gives each request an id (the client's `Request-Id` if it is sane), echoes it, logs one line. */
export function requestLog(logger: Logger) {
  return async function logRequest(ctx: Context, next: Next): Promise<void> {
    const given = ctx.get('Request-Id');
    const requestId = REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
    ctx.state['requestId'] = requestId;
    ctx.set('Request-Id', requestId);
    const startedAt = performance.now();
    await next();
    logger.info(
      {
        requestId,
        method: ctx.method,
        path: ctx.path,
        status: ctx.status,
        durationMs: Math.round(performance.now() - startedAt),
        orderId: ctx.state['orderId'] as string | undefined,
        tenant: ctx.state['tenant'] as string | undefined,
        credential: ctx.state['credential'] as string | undefined,
      },
      'answered',
    );
  };
}

import { randomUUID } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import type { Context, Next } from 'koa';
import type { Logger } from 'pino';

/** What we take over of a client's own request id. */
const REQUEST_ID = /^[\w.-]{1,64}$/;

/** A stranger's may be as long as all headers. */
const MAX_LOGGED_PATH = 256;

/** An answered request, for whoever counts them. */
interface AnsweredRequest {
  /** The id of its operation; none where no operation was named. */
  readonly operation: string | undefined;
  readonly status: number;
  readonly durationMs: number;
}

/** Told of every request once it is answered; must not throw. */
export type ObserveRequest = (request: AnsweredRequest) => void;

/** Gives each request an id (the client's `Request-Id` if it is sane), echoes it, logs one line. */
export function requestLog(logger: Logger, observe: ObserveRequest = () => undefined) {
  return async function logRequest(ctx: Context, next: Next): Promise<void> {
    const given = ctx.get('Request-Id');
    const requestId = REQUEST_ID.test(given) ? given : `req_${randomUUID()}`;
    ctx.state['requestId'] = requestId;
    ctx.set('Request-Id', requestId);
    const startedAt = performance.now();
    await next();
    const durationMs = performance.now() - startedAt;
    const operation = ctx.state['operation'] as string | undefined;
    observe({ operation, status: ctx.status, durationMs });
    const orderId = ctx.state['orderId'] as string | undefined;
    nameSpan(operation, { requestId, orderId });
    logger.info(
      {
        requestId,
        method: ctx.method,
        path: ctx.path.slice(0, MAX_LOGGED_PATH),
        status: ctx.status,
        durationMs: Math.round(durationMs),
        orderId,
        tenant: ctx.state['tenant'] as string | undefined,
        credential: ctx.state['credential'] as string | undefined,
        traceId: trace.getActiveSpan()?.spanContext().traceId,
      },
      'answered',
    );
  };
}

/** The instrumentation knows the method alone. */
function nameSpan(
  operation: string | undefined,
  { requestId, orderId }: { requestId: string; orderId: string | undefined },
): void {
  const span = trace.getActiveSpan();
  if (!span) return;
  if (operation !== undefined) span.updateName(operation);
  span.setAttribute('tandem.request_id', requestId);
  if (orderId !== undefined) span.setAttribute('tandem.order_id', orderId);
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Middleware, Next } from 'koa';
import type { Faults, FaultRule, Operation } from './faults';
import type { Ledger } from './ledger';

/** What a rate-limited client is asked to wait. */
const RETRY_AFTER_SECONDS = '1';

/** Lets requests go wrong as planned: before, instead of, or after their effect. */
export function striking(faults: Faults, ledger: Ledger): Middleware {
  return async function strike(ctx: Context, next: Next): Promise<void> {
    const operation = operationOf(ctx);
    if (!operation) {
      await next();
      return;
    }
    const orderId = orderIdOf(ctx, ledger);
    const identity = ctx.get('Idempotency-Key') || `${ctx.method} ${ctx.url}`;
    const rule = faults.strike({ operation, orderId, identity });
    if (!rule) {
      await next();
      return;
    }
    await sleep(rule.delayMs);
    if (insteadOf(ctx, rule)) return;
    await next();
    after(ctx, rule);
  };
}

/** True when the request has been answered, or broken off, without any effect. */
function insteadOf(ctx: Context, { fault }: FaultRule): boolean {
  switch (fault) {
    case 'drop-request':
      breakOff(ctx);
      return true;
    case 'server-error':
      answer(ctx, 500, { type: 'api_error', message: 'Something went wrong on our side' });
      return true;
    case 'rate-limit':
      ctx.set('Retry-After', RETRY_AFTER_SECONDS);
      answer(ctx, 429, { type: 'invalid_request_error', code: 'rate_limit', message: 'Slow down' });
      return true;
    case 'html':
      ctx.status = 502;
      ctx.type = 'html';
      ctx.body = '<html><body><h1>502 Bad Gateway</h1></body></html>';
      return true;
    case 'decline':
      ctx.state['declineCode'] = 'generic_decline';
      return false;
    default:
      return false;
  }
}

function after(ctx: Context, { fault }: FaultRule): void {
  if (fault === 'drop-reply') breakOff(ctx);
  if (fault === 'error-after') {
    answer(ctx, 500, { type: 'api_error', message: 'Something went wrong, after it was done' });
  }
  const body = ctx.body as { amount?: number } | undefined;
  if (fault === 'wrong-amount' && body?.amount) ctx.body = { ...body, amount: body.amount + 1 };
}

function answer(ctx: Context, status: number, error: Record<string, string>): void {
  ctx.status = status;
  ctx.body = { error };
}

function breakOff(ctx: Context): void {
  ctx.respond = false;
  ctx.req.socket.destroy();
}

function operationOf({ method, path }: Context): Operation | undefined {
  if (!path.startsWith('/v1/')) return undefined;
  if (path === '/v1/refunds') return 'refund';
  if (method === 'GET') return path === '/v1/payment_intents' ? 'list' : 'retrieve';
  const verb = path.split('/')[4];
  return verb === 'capture' || verb === 'cancel' ? verb : 'create';
}

function orderIdOf(ctx: Context, ledger: Ledger): string | undefined {
  const form = (ctx.request.body ?? {}) as {
    metadata?: { orderId?: string };
    payment_intent?: string;
  };
  const intentId = form.payment_intent ?? ctx.path.split('/')[3] ?? '';
  return form.metadata?.orderId ?? ledger.findIntent(intentId)?.metadata['orderId'];
}

/** Thrown by the route when the plan says that the bank says no. */
export function declineAsPlanned(ctx: Context): string | undefined {
  return ctx.state['declineCode'] as string | undefined;
}

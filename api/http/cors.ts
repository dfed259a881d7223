import cors from '@koa/cors';
import type { Middleware } from 'koa';

/** How long a browser remembers what it was allowed. */
const PREFLIGHT_SECONDS = '600';

const READABLE = [
  ...['Location', 'Request-Id', 'ETag', 'Idempotent-Replayed', 'Preference-Applied'],
  ...['Retry-After', 'RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'],
  'WWW-Authenticate',
];
const SENDABLE = [
  ...['Authorization', 'Content-Type', 'Idempotency-Key', 'Prefer', 'If-None-Match'],
  ...['Last-Event-ID', 'Request-Id', 'traceparent'],
];

/** Lets pages of these origins call the API; no cookie is ever used, so none is allowed. */
export function corsFor(origins: readonly string[]): Middleware {
  const allowed = new Set(origins);
  return cors({
    origin: (ctx) => (allowed.has(ctx.get('Origin')) ? ctx.get('Origin') : ''),
    allowMethods: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE'],
    allowHeaders: SENDABLE,
    exposeHeaders: READABLE,
    maxAge: PREFLIGHT_SECONDS,
    keepHeadersOnError: false,
  }) as Middleware;
}

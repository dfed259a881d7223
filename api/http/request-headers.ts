import { trace } from '@opentelemetry/api';
import type { Context } from 'koa';
import { Problem } from './problem';

/** As long as Stripe allows. */
export const MAX_KEY_LENGTH = 255;

/** No client should hold a connection longer than a load balancer lets it. */
export const MAX_WAIT_SECONDS = 30;

/** W3C Trace Context, version 00; ids of zeros alone are none. */
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/**
 * The `Idempotency-Key` (IETF draft-ietf-httpapi-idempotency-key-header), quoted as the draft
 * wants it or bare as most clients send it: 1 to 255 printable ASCII characters.
 */
export function idempotencyKey(ctx: Context): string {
  const header = ctx.get('Idempotency-Key').trim();
  if (header === '') throw new Problem('idempotency-key-missing');
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header;
  if (key.length <= MAX_KEY_LENGTH && /^[\x21-\x7e]+$/.test(key)) return key;
  throw new Problem('idempotency-key-invalid', {
    detail: `expected 1 to ${MAX_KEY_LENGTH} printable ASCII characters without spaces`,
  });
}

/** Seconds the client prefers to wait for the outcome (RFC 7240, `wait`), 0 without; at most 30. */
export function preferredWaitSeconds(ctx: Context): number {
  const wait = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i.exec(ctx.get('Prefer'))?.[1];
  return Math.min(Number(wait ?? 0), MAX_WAIT_SECONDS);
}

/** The trace that this request is part of: ours where traces are taken, else the caller's if it is valid. */
export function traceparent(ctx: Context): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (span) return `00-${span.traceId}-${span.spanId}-${span.traceFlags === 1 ? '01' : '00'}`;
  const header = ctx.get('traceparent');
  return TRACEPARENT.test(header) ? header : undefined;
}

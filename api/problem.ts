import type { Context, Next } from 'koa';
import type { Logger } from 'pino';

/** One thing that is wrong with a request. */
export interface ProblemError {
  /** Where, as a JSON Pointer in a URI fragment (RFC 6901, section 6). */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Every kind of problem there is: its status and title. The key ends its `type`. */
const PROBLEMS = {
  'bad-request': [400, 'The request cannot be read'],
  'idempotency-key-missing': [400, 'An Idempotency-Key header is needed'],
  'idempotency-key-invalid': [400, 'The Idempotency-Key is not valid'],
  'not-found': [404, 'There is nothing here'],
  'webhook-signature-invalid': [400, 'The signature is not valid, or too old'],
  'method-not-allowed': [405, 'This resource does not support the method'],
  'request-in-progress': [409, 'A request with this Idempotency-Key is in progress'],
  'order-shipped': [409, 'The order is on its way and cannot be cancelled'],
  'order-over': [409, 'The order has ended and cannot be cancelled'],
  'too-many-webhook-endpoints': [409, 'There are as many webhook endpoints as there may be'],
  'body-too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'invalid-order': [422, 'The order is not valid'],
  'invalid-webhook-endpoint': [422, 'The webhook endpoint is not valid'],
  'invalid-query': [422, 'The query is not valid'],
  'idempotency-key-reused': [422, 'The Idempotency-Key was used with another body'],
  'internal-error': [500, 'Something went wrong on our side'],
  unavailable: [503, 'The service cannot answer now'],
} as const satisfies Record<string, readonly [number, string]>;

/** The last part of a problem's `type`. */
export type ProblemKind = keyof typeof PROBLEMS;

/** What a problem may say beyond its kind. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown by a route to answer with a problem (RFC 9457). */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;

  constructor(
    readonly kind: ProblemKind,
    readonly details: ProblemDetails = {},
  ) {
    super(kind, { cause: details.cause });
    [this.status, this.title] = PROBLEMS[kind];
  }
}

/** SQLSTATE classes and client errors that mean: the database is away or overloaded, try again. */
const UNAVAILABLE_CODES = /^(08|53|57)|^ECONN|^ETIMEDOUT$|^ENOTFOUND$|^EPIPE$/;
const UNAVAILABLE_MESSAGES = /timeout|terminated|closed the connection/i;

/** What a caller should wait before asking again when a server of ours is away, in seconds. */
const RETRY_AFTER_SECONDS = '2';

/** Makes every answer of 400 and above `application/problem+json`, and hides what went wrong inside. */
export function problems(logger: Logger) {
  return async function answerProblems(ctx: Context, next: Next): Promise<void> {
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null) throw problemOfStatus(ctx);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) {
        logger.error({ err: error, requestId: ctx.state['requestId'] as string }, problem.title);
      }
      write(ctx, problem);
    }
  };
}

/** The router answers 404 and 405 by status alone. */
function problemOfStatus(ctx: Context): Problem {
  if (ctx.status !== 405 && ctx.status !== 501) return new Problem('not-found');
  return new Problem('method-not-allowed', { headers: { Allow: ctx.response.get('Allow') } });
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) {
    return new Problem('unavailable', { headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
  }
  return new Problem('internal-error', { cause: error });
}

function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return UNAVAILABLE_CODES.test(code) || (code === '' && UNAVAILABLE_MESSAGES.test(error.message));
}

function write(ctx: Context, { kind, status, title, details }: Problem): void {
  ctx.status = status;
  if (details.headers) ctx.set(details.headers);
  ctx.body = JSON.stringify({
    type: `/problems/${kind}`,
    title,
    status,
    ...(details.detail === undefined ? {} : { detail: details.detail }),
    instance: ctx.state['requestId'] as string,
    ...(details.errors ? { errors: details.errors } : {}),
  });
  ctx.type = 'application/problem+json';
}

import type { Context, Next } from 'koa';
import type { Logger } from 'pino';
import { z } from 'zod';
import { PROBLEM_KINDS, problemType, type ProblemKind } from './problem-kinds';

/** One thing that is wrong with a request. */
export interface ProblemError {
  /** Where, as a JSON Pointer in a URI fragment (RFC 6901, section 6). */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** The body of every answer of 400 and above (RFC 9457). */
export const problemSchema = z
  .strictObject({
    type: z.string().describe('Which kind of problem it is; its page on this API explains it.'),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().describe('What is special about this one.'),
    instance: z.string().describe('The id of the request, as in `Request-Id`.'),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe('A JSON Pointer in a URI fragment (RFC 6901, section 6).'),
          code: z.string(),
          detail: z.string(),
        }),
      )
      .optional(),
  })
  .meta({ id: 'Problem' });

/** The media type of a problem. */
export const PROBLEM_JSON = 'application/problem+json';

/** What a problem may say beyond its kind. */
export interface ProblemDetails {
  readonly detail?: string;
  readonly errors?: readonly ProblemError[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown by whoever answers a request, to answer with a problem. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;

  constructor(
    readonly kind: ProblemKind,
    readonly details: ProblemDetails = {},
  ) {
    super(kind, { cause: details.cause });
    this.status = PROBLEM_KINDS[kind].status;
  }

  /** What the client is told. */
  body(instance: string): z.infer<typeof problemSchema> {
    const { detail, errors } = this.details;
    return {
      type: problemType(this.kind),
      title: PROBLEM_KINDS[this.kind].title,
      status: this.status,
      ...(detail === undefined ? {} : { detail }),
      instance,
      ...(errors ? { errors: [...errors] } : {}),
    };
  }
}

/**
 * SQLSTATE classes and client errors that mean: the database is away or overloaded, or others held
 * what was needed for too long; try again.
 */
const UNAVAILABLE_CODES =
  /^(08|53|57)|^(55P03|40P01|40001)$|^ECONN|^ETIMEDOUT$|^ENOTFOUND$|^EPIPE$/;
const UNAVAILABLE_MESSAGES = /timeout|terminated|closed the connection|connection error/i;

/** What a caller should wait before asking again when a server of ours is away, in seconds. */
const RETRY_AFTER_SECONDS = '2';

/** Makes every answer of 400 and above a problem, and hides what went wrong inside. */
export function problems(logger: Logger) {
  return async function answerProblems(ctx: Context, next: Next): Promise<void> {
    try {
      await next();
      if (ctx.status >= 400 && ctx.body == null) throw problemOfStatus(ctx);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500 && problem.kind !== 'overloaded') {
        const { requestId } = ctx.state as { requestId: string };
        logger.error({ err: error, requestId }, PROBLEM_KINDS[problem.kind].title);
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

function write(ctx: Context, problem: Problem): void {
  ctx.status = problem.status;
  if (problem.details.headers) ctx.set(problem.details.headers);
  ctx.body = JSON.stringify(problem.body(ctx.state['requestId'] as string));
  ctx.type = PROBLEM_JSON;
  ctx.set('Cache-Control', 'no-store');
}

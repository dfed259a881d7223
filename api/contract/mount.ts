import { createHash } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Caller } from '../callers/caller';
import type { Scope } from '../callers/scopes';
import { jsonBody } from '../http/json-body';
import { Problem } from '../http/problem';
import { validate } from '../http/validation';
import type { Answer, Operation } from './operation';

/** Lets a request in, or throws a Problem. */
export interface Gate {
  readonly admit: (ctx: Context, scopes: readonly Scope[]) => Promise<Caller>;
  /** Whether a request that was let in would be let in again: for one that lasts. */
  readonly isStillGood: (ctx: Context) => Promise<boolean>;
}

/** Mounts an operation: a request is let in, then its parts are read, then it is handled. */
export function mount(router: Router, declared: Operation, gate: Gate): void {
  router[declared.method](routerPath(declared.path), async (ctx) => {
    ctx.state['operation'] = declared.id;
    const caller =
      declared.scopes === 'public' ? undefined : await gate.admit(ctx, declared.scopes);
    const answer = await declared.handle({
      ctx,
      get caller(): Caller {
        if (!caller) throw new Error(`${declared.id} is public and knows no caller`);
        return caller;
      },
      params: paramsOf(ctx, declared),
      query: declared.query ? validate(declared.query, { ...ctx.query }, 'invalid-query') : {},
      body: await bodyOf(ctx, declared),
      isStillGood: () => gate.isStillGood(ctx),
    });
    if (answer) write(ctx, answer);
  });
}

/** `{id}` is `:id` to the router. */
function routerPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** What cannot be the name of anything names nothing. */
function paramsOf(ctx: Context, { params }: Operation): Record<string, unknown> {
  if (!params) return {};
  const parsed = params.safeParse(ctx['params']);
  if (!parsed.success) throw new Problem('not-found');
  return parsed.data;
}

async function bodyOf(ctx: Context, { body, invalidBody }: Operation): Promise<unknown> {
  return body ? validate(body, await jsonBody(ctx), invalidBody ?? 'bad-request') : undefined;
}

function write(ctx: Context, { status, body, headers }: Answer): void {
  ctx.status = status;
  if (headers) ctx.set(headers);
  if (body === undefined) {
    ctx.body = null;
    ctx.status = status;
    return;
  }
  const text = JSON.stringify(body);
  ctx.body = text;
  ctx.type = 'application/json';
  if (ctx.method === 'GET' || ctx.method === 'HEAD') answerUnlessKnown(ctx, text);
  // It may have a secret in it.
  else ctx.set('Cache-Control', 'no-store');
}

/** 162 bits: two answers that are different have different ones. */
const ETAG_LENGTH = 27;

/** 304 when the client has this very body already (RFC 9110, section 13.1.2). */
function answerUnlessKnown(ctx: Context, text: string): void {
  ctx.set('Cache-Control', 'private, no-cache');
  const etag = `"${createHash('sha256').update(text).digest('base64url').slice(0, ETAG_LENGTH)}"`;
  ctx.set('ETag', etag);
  // Not Koa's `fresh`: it minds Cache-Control, which `fetch` sends with every condition.
  const known = ctx
    .get('If-None-Match')
    .split(',')
    .map((one) => one.trim().replace(/^W\//, ''));
  if (!known.includes(etag) && !known.includes('*')) return;
  ctx.body = null;
  ctx.status = 304;
}

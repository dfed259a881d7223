import { bodyParser } from '@koa/bodyparser';
import type { Context } from 'koa';
import { Problem } from './problem';

/** An order of a hundred lines is 6 KB; nothing we accept is larger than this, unpacked. */
const MAX_BODY = '64kb';

/** Deeper than any body we accept, shallower than what costs a parser its stack. */
const MAX_DEPTH = 20;

const parse = bodyParser({
  enableTypes: ['json'],
  jsonLimit: MAX_BODY,
  onError: (error) => {
    throw problemOf(error);
  },
});

/** The parsed JSON body; a Problem: 400 when it is no JSON or too deep, 413 too large, 415 another type. */
export async function jsonBody(ctx: Context): Promise<unknown> {
  if (!ctx.is('application/json')) throw new Problem('unsupported-media-type');
  await parse(ctx, () => Promise.resolve());
  const { body } = ctx.request;
  if (isDeeperThan(body, MAX_DEPTH)) {
    throw new Problem('bad-request', { detail: `nested deeper than ${MAX_DEPTH} levels` });
  }
  return body;
}

function problemOf(error: Error): Problem {
  if ('status' in error && error.status === 413) {
    return new Problem('body-too-large', { detail: `at most ${MAX_BODY}`, cause: error });
  }
  if ('status' in error && error.status === 415) {
    return new Problem('unsupported-media-type', { cause: error });
  }
  return new Problem('bad-request', { detail: 'the body is not valid JSON', cause: error });
}

function isDeeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (depth === 0) return true;
  return Object.values(value).some((member) => isDeeperThan(member, depth - 1));
}

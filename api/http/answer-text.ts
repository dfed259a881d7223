import type { Context } from 'koa';

/** An hour: a new release shows within one. */
const CACHE = 'public, max-age=3600';

/** Answers with a text that is the same for everybody until the next release. */
export function answerText(ctx: Context, type: string, text: string | Buffer): void {
  ctx.status = 200;
  ctx.body = text;
  ctx.type = type;
  ctx.set('Cache-Control', CACHE);
}

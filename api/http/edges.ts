import type { Context, Next } from 'koa';
import { Problem } from './problem';

/** Longer than any URL of ours with every filter. */
const MAX_URL_LENGTH = 2_048;

/** Refuses URLs that nobody needs. */
export async function limitUrl(ctx: Context, next: Next): Promise<void> {
  if (ctx.url.length > MAX_URL_LENGTH) throw new Problem('uri-too-long');
  await next();
}

/** While the process stops, every answer tells its client to open no new request here. */
export function closeWhen(isStopping: () => boolean) {
  return async function closeConnection(ctx: Context, next: Next): Promise<void> {
    await next();
    if (isStopping()) ctx.set('Connection', 'close');
  };
}

import type { Context } from 'koa';
import { Problem } from './problem';

/** The bytes of a body as they came, for a signature over them; 413 above `maxBytes`. */
export async function rawBody(ctx: Context, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > maxBytes) throw new Problem('body-too-large', { detail: `at most ${maxBytes} B` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

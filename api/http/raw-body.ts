import type { Context } from 'koa';
import { Problem } from './problem';

/** The bytes of a body as they came, for a signature over them; 413 above `maxBytes`. */
export async function rawBody(ctx: Context, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(maxBytes);
      chunks.push(chunk);
    }
  } catch (error) {
    // A client that goes away in the middle is no server of ours that is away.
    throw error instanceof Problem ? error : new Problem('bad-request', { cause: error });
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number): Problem {
  return new Problem('body-too-large', { detail: `at most ${maxBytes} B` });
}

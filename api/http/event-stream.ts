import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import { Problem } from './problem';

/** Often enough for proxies that cut silent connections after a minute or half of one. */
const HEARTBEAT_MS = 15_000;
/** A reader that lets so much lie does not read: it is let go, and may come back. */
const MAX_UNREAD_BYTES = 64 * 1024;
/** Then it is told to come back, which also spreads readers over new processes. */
const MAX_AGE_MS = 3_600_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 1_000;
/** So that a client which is refused does not come back at once. */
const RETRY_AFTER_SECONDS = '10';

/** One event; without an id a client cannot come back to it. */
interface ServerSentEvent {
  readonly id?: number;
  readonly name: string;
  readonly data: unknown;
}

/** One who follows something by server-sent events (WHATWG HTML, section 9.2). */
export class EventStream {
  /** The body of the answer. */
  readonly body = new PassThrough();
  readonly #heartbeat = setInterval(() => this.#write(': heartbeat\n\n'), HEARTBEAT_MS);
  readonly #old = setTimeout(() => this.close(), MAX_AGE_MS);

  constructor(onClose: () => void) {
    this.body.once('close', () => {
      clearInterval(this.#heartbeat);
      clearTimeout(this.#old);
      onClose();
    });
    // A client that goes away is no error of ours.
    this.body.on('error', () => undefined);
    this.#write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends an event; to one that has gone, nothing. */
  send({ id, name, data }: ServerSentEvent): void {
    const line = id === undefined ? '' : `id: ${id}\n`;
    this.#write(`${line}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** Ends it; a client that follows comes back by itself. */
  close(): void {
    this.body.end();
  }

  #write(text: string): void {
    if (this.body.writableEnded || this.body.destroyed) return;
    this.body.write(text);
    if (this.body.readableLength + this.body.writableLength > MAX_UNREAD_BYTES) this.body.destroy();
  }
}

/** Ends the streams of those whose key was revoked, or whose token has expired, meanwhile. */
export async function letGoOthers(
  followers: Iterable<readonly [stream: { close(): void }, isStillGood: () => Promise<boolean>]>,
): Promise<void> {
  await Promise.all(
    [...followers].map(async ([stream, isStillGood]) => {
      // Where nobody can tell, nothing is read either.
      if (!(await isStillGood().catch(() => true))) stream.close();
    }),
  );
}

/** The head of an answer that is such a stream. */
export function beginEvents(ctx: Context): void {
  ctx.status = 200;
  ctx.type = 'text/event-stream';
  // no-transform: a proxy that compresses would hold entries back.
  ctx.set('Cache-Control', 'no-cache, no-transform');
  ctx.set('X-Accel-Buffering', 'no');
}

/** The rest of it; one that cannot be opened now is a Problem. */
export function answerEvents(ctx: Context, stream: { readonly body: PassThrough } | 'full'): void {
  if (stream === 'full') {
    throw new Problem('too-many-streams', { headers: { 'Retry-After': RETRY_AFTER_SECONDS } });
  }
  ctx.body = stream.body;
  ctx.type = 'text/event-stream';
}

import { PassThrough } from 'node:stream';
import type { TimelineEntry } from '../../db/timeline';
import { timelineEntryResource } from './timeline-entry';

/** Often enough for proxies that cut silent connections after a minute or half of one. */
const HEARTBEAT_MS = 15_000;
/** A reader that lets so much lie does not read: it is let go, and may come back. */
const MAX_UNREAD_BYTES = 64 * 1024;
/** Then it is told to come back, which also spreads readers over new processes. */
const MAX_AGE_MS = 3_600_000;
/** How long a client waits before it comes back. */
const RETRY_MS = 1_000;

/** One who follows an order by server-sent events (WHATWG HTML, section 9.2). */
export class TimelineStream {
  /** The body of the answer. */
  readonly body = new PassThrough();
  /** How far the journal was when it was last looked at: some of its rows are not sent. */
  seenUpTo = 0;
  readonly #heartbeat = setInterval(() => this.#write(': heartbeat\n\n'), HEARTBEAT_MS);
  readonly #old = setTimeout(() => this.close(), MAX_AGE_MS);

  constructor(
    readonly orderId: string,
    /** The last that was sent; told again to a client that asks from before it. */
    public sentUpTo: number,
    onClose: (stream: TimelineStream) => void,
  ) {
    this.body.once('close', () => {
      clearInterval(this.#heartbeat);
      clearTimeout(this.#old);
      onClose(this);
    });
    // A client that goes away is no error of ours.
    this.body.on('error', () => undefined);
    this.#write(`retry: ${RETRY_MS}\n\n`);
  }

  /** Sends what was not sent yet. */
  send(entries: readonly TimelineEntry[]): void {
    for (const entry of entries) {
      if (entry.sequence <= this.sentUpTo) continue;
      const data = JSON.stringify(timelineEntryResource(entry));
      this.#write(`id: ${entry.sequence}\nevent: ${entry.name}\ndata: ${data}\n\n`);
      this.sentUpTo = entry.sequence;
    }
  }

  /** Ends it; a client that follows comes back by itself and misses nothing. */
  close(): void {
    this.body.end();
  }

  #write(text: string): void {
    if (this.body.writableEnded || this.body.destroyed) return;
    this.body.write(text);
    if (this.body.readableLength + this.body.writableLength > MAX_UNREAD_BYTES) this.body.destroy();
  }
}

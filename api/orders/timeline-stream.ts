import type { TimelineEntry } from '../../db/timeline';
import { EventStream } from '../http/event-stream';
import { timelineEntryResource } from './timeline-entry';

/** One who follows an order. */
export class TimelineStream {
  /** How far the journal was when it was last looked at: some of its rows are not sent. */
  seenUpTo = 0;
  readonly #events: EventStream;

  constructor(
    readonly orderId: string,
    /** The last that was sent; told again to a client that asks from before it. */
    public sentUpTo: number,
    onClose: (stream: TimelineStream) => void,
  ) {
    this.#events = new EventStream(() => onClose(this));
  }

  /** The body of the answer. */
  get body() {
    return this.#events.body;
  }

  /** Sends what was not sent yet. */
  send(entries: readonly TimelineEntry[]): void {
    for (const entry of entries) {
      if (entry.sequence <= this.sentUpTo) continue;
      const { sequence: id, name } = entry;
      this.#events.send({ id, name, data: timelineEntryResource(entry) });
      this.sentUpTo = id;
    }
  }

  /** Ends it; a client that follows comes back by itself and misses nothing. */
  close(): void {
    this.#events.close();
  }
}

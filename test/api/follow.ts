import type { ReadableStream } from 'node:stream/web';
import { createParser } from 'eventsource-parser';

/** An event of a stream of server-sent events. */
interface Sent {
  readonly id: string | undefined;
  readonly event: string | undefined;
  readonly data: { readonly sequence: number; readonly name: string; readonly code?: string };
}

/** A stream that is being read. */
export interface Following {
  /** What came so far. */
  readonly sent: Sent[];
  /** Resolves when it is over: `ended` in order, or `cut` off. */
  readonly ended: Promise<'ended' | 'cut'>;
  readonly stop: () => void;
}

/** Reads the body of an answer as server-sent events. */
export function follow(response: Response): Following {
  const sent: Sent[] = [];
  const parser = createParser({
    onEvent: ({ id, event, data }) =>
      sent.push({ id, event, data: JSON.parse(data) as Sent['data'] }),
  });
  const reader = (response.body as unknown as ReadableStream<Uint8Array>).getReader();
  async function read(): Promise<'ended'> {
    const decoder = new TextDecoder();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'ended';
      parser.feed(decoder.decode(value, { stream: true }));
    }
  }
  return {
    sent,
    ended: read().catch(() => 'cut' as const),
    stop: () => void reader.cancel().catch(() => undefined),
  };
}

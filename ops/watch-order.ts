import { setTimeout as sleep } from 'node:timers/promises';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import type { components } from '../api/client/schema';
import { answered, Refused, Unanswered, type ApiTools } from './api-tools';
import type { Answer, Call } from './command';

type Entry = components['schemas']['TimelineEntry'];

/** After them nothing more happens by itself. */
const LAST: ReadonlySet<Entry['name']> = new Set([
  'OrderRejected',
  'OrderFailed',
  'OrderCancelled',
  'FulfilmentShipped',
]);

/** A server that stopped is back by then. */
const RECONNECT_MS = 1_000;

/** Prints what happened and what happens, and comes back where a connection ends. */
export async function watchOrder(tools: ApiTools, { words, values }: Call): Promise<Answer> {
  const entries: Entry[] = [];
  const tell = (entry: Entry) => {
    entries.push(entry);
    if (!values['json']) console.log(lineOf(entry));
  };
  while (!entries.some(({ name }) => LAST.has(name))) {
    const last = entries.at(-1)?.sequence;
    await follow(tools, words[0]!, last, tell).catch((error: unknown) => {
      if (!isPassing(error)) throw error;
    });
    await sleep(RECONNECT_MS);
  }
  return { data: entries, lines: ['it is over'] };
}

/** A server that stops or has no room, or that nobody can reach for now. */
function isPassing(error: unknown): boolean {
  if (error instanceof Unanswered) return true;
  return error instanceof Refused && (error.status === 429 || error.status === 503);
}

function lineOf({ recordedAt, name, code, carrier, trackingNumber }: Entry): string {
  const more = [code, carrier, trackingNumber].filter((text) => text !== undefined);
  return [recordedAt, name, ...more].join('  ');
}

/** Follows one connection until it ends, or the order does. */
async function follow(
  { client }: ApiTools,
  id: string,
  lastSequence: number | undefined,
  tell: (entry: Entry) => void,
): Promise<void> {
  const header = lastSequence === undefined ? {} : { 'Last-Event-ID': String(lastSequence) };
  const stopping = new AbortController();
  const { data } = await answered(
    client.GET('/v1/orders/{id}/events', {
      params: { path: { id }, header },
      parseAs: 'stream',
      signal: stopping.signal,
    }),
  );
  const parser = createParser({
    onEvent({ data: text }: EventSourceMessage) {
      const entry = JSON.parse(text) as Entry;
      tell(entry);
      if (LAST.has(entry.name)) stopping.abort();
    },
  });
  const decoder = new TextDecoder();
  try {
    for await (const chunk of data as AsyncIterable<Uint8Array>) {
      parser.feed(decoder.decode(chunk, { stream: true }));
    }
  } catch {
    // Ended by us, or lost: what it told counts, and the rest is asked for again.
  }
}

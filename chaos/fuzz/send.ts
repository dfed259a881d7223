import { flawsOf } from '../../dev/contract/check-answer';
import type { FuzzRequest, Known } from './requests';

/** Whom to ask. */
export interface FuzzTarget {
  readonly url: string;
  readonly apiKey: string;
}

/** No answer takes so long: a request hangs then. */
const ANSWER_TIMEOUT_MS = 20_000;
/** Enough to build on; more would only slow the search for one down. */
const MAX_KNOWN = 300;

/** Ids that were in answers, for later requests to build on. */
export class KnownValues {
  readonly #values: string[] = [];
  readonly #own: string;

  /** The key with which we ask is never named: it would be revoked, and nothing be answered any more. */
  constructor({ apiKey }: FuzzTarget) {
    this.#own = `key_${apiKey.split('_')[1]}`;
  }

  /** Remembers what of an answer may be asked for. */
  learn(text: string): void {
    for (const [, value] of text.matchAll(/"(?:id|sku|eventId)":"?([\w-]{1,80})"?/g)) {
      if (value === this.#own || this.#values.includes(value!)) continue;
      this.#values.push(value!);
      if (this.#values.length > MAX_KNOWN) this.#values.splice(0, 1);
    }
  }

  pick({ pattern, pick, otherwise }: Known): unknown {
    const fitting = this.#values.filter((value) => new RegExp(pattern, 'u').test(value));
    return fitting.length > 0 ? fitting[pick % fitting.length] : otherwise;
  }
}

/** A request that was answered, and what is wrong with the answer. */
export interface FuzzAnswer {
  readonly path: string;
  readonly status: number;
  readonly flaws: readonly string[];
}

/** Sends a request and holds its answer against the document. */
export async function sendRequest(
  { url, apiKey }: FuzzTarget,
  request: FuzzRequest,
  known: KnownValues,
): Promise<FuzzAnswer> {
  const method = request.method.toUpperCase();
  const path = pathOf(request, known);
  const mayHaveBody = method !== 'GET' && method !== 'HEAD';
  const response = await fetch(`${url}${path}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
    headers: headersOf(request, apiKey),
    ...(mayHaveBody && request.body !== undefined ? { body: request.body } : {}),
  });
  const type = response.headers.get('content-type') ?? '';
  const { status } = response;
  if (type.startsWith('text/event-stream')) {
    await response.body?.cancel();
    return { path, status, flaws: [] };
  }
  const text = await response.text();
  if (type.startsWith('application/json')) known.learn(text);
  // What fetch makes of the path is what was asked for.
  const asked = new URL(response.url).pathname;
  const flaws = flawsOf(method, asked, { status, type, text });
  return { path, status, flaws: status >= 500 ? [...flaws, `${status}: ${text}`] : flaws };
}

function pathOf({ template, path, query }: FuzzRequest, known: KnownValues): string {
  const filled = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path[name];
    const part = textOf(isKnown(value) ? known.pick(value) : value);
    // An empty part, or one that goes up, would name another path.
    return /^\.{0,2}$/.test(part) ? '-' : encode(part);
  });
  const pairs = Object.entries(query).map(
    ([name, value]) => `${encode(name)}=${encode(textOf(value))}`,
  );
  return pairs.length > 0 ? `${filled}?${pairs.join('&')}` : filled;
}

function isKnown(value: unknown): value is Known {
  return typeof value === 'object' && value !== null && 'pattern' in value && 'otherwise' in value;
}

function headersOf({ headers, body, isAuthorized }: FuzzRequest, apiKey: string) {
  const given = Object.entries(headers).flatMap(([name, value]) => {
    // What no client can send as a header is not sent.
    const text = textOf(value)
      .replace(/[^\x20-\x7e]/g, '')
      .trim();
    return text === '' ? [] : [[name, text] as const];
  });
  return {
    ...Object.fromEntries(given),
    ...(isAuthorized ? { Authorization: `Bearer ${apiKey}` } : {}),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

function encode(text: string): string {
  // Half of a surrogate pair is no text that a URL can have.
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '-'));
}

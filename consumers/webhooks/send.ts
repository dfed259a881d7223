import { Resolver } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import {
  hostOf,
  parseTarget,
  requireAllowed,
  type TargetPolicy,
} from '../../domain/webhook-target';

/** For all of it: name, connection, answer. Standard Webhooks asks for 15 to 30 s. */
const TIMEOUT_MS = 20_000;
/** A name server is asked twice; the system's own resolver would block others of this process. */
const RESOLVER = { timeout: 2_000, tries: 2 };
/** What of an answer is read, and kept with the attempt. */
const MAX_ANSWER_BYTES = 1_024;

/** An address that a name resolves to. */
interface Address {
  readonly address: string;
  readonly family: number;
}

/** What names resolve to. */
type Resolve = (host: string) => Promise<readonly Address[]>;

/** How to send. */
export interface SendOptions {
  readonly policy: TargetPolicy;
  readonly timeoutMs?: number;
  /** The system's resolver, unless a test says otherwise. */
  readonly resolve?: Resolve;
}

/** What an endpoint answered. */
export interface SendAnswer {
  readonly status: number;
  readonly answer: string;
}

/**
 * Posts the body. The name is resolved once, every address of it must be public, and the connection
 * goes to the address that was checked: a name that changes its mind in between gains nothing.
 * A redirect is an answer like any other. Throws TargetRefused, or why there was no answer.
 */
export async function send(
  url: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  { policy, resolve = resolveAll, timeoutMs = TIMEOUT_MS }: SendOptions,
): Promise<SendAnswer> {
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<never>((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
  );
  const sending = (async () => {
    const target = parseTarget(url, policy);
    const addresses = await resolve(hostOf(target));
    for (const { address } of addresses) requireAllowed(address, policy);
    const [pinned] = addresses;
    if (!pinned) throw new Error(`${hostOf(target)} has no address`);
    const response = await post(target, { headers, body, pinned, signal });
    return { status: response.statusCode!, answer: await firstBytes(response) };
  })();
  return Promise.race([sending, late]);
}

async function resolveAll(host: string): Promise<readonly Address[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  // No name server is asked for it (RFC 6761, section 6.3).
  if (host === 'localhost') return [{ address: '127.0.0.1', family: 4 }];
  const resolver = new Resolver(RESOLVER);
  const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
  const found = [
    ...(four.status === 'fulfilled' ? four.value : []).map((address) => ({ address, family: 4 })),
    ...(six.status === 'fulfilled' ? six.value : []).map((address) => ({ address, family: 6 })),
  ];
  if (found.length === 0 && four.status === 'rejected') throw four.reason;
  return found;
}

interface Post {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly pinned: Address;
  readonly signal: AbortSignal;
}

function post(target: URL, { headers, body, pinned, signal }: Post): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      {
        method: 'POST',
        // A connection that is kept would not be checked again.
        agent: false,
        lookup: pinnedTo(pinned),
        signal,
        headers: {
          ...headers,
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(body)),
          'user-agent': 'Tandem-Webhooks/1',
        },
      },
      resolve,
    );
    sent.once('error', reject);
    // A protocol that nobody asked for; without a listener the request would never end.
    sent.once('upgrade', (_response, socket) => {
      socket.destroy();
      reject(new Error('it answered 101'));
    });
    sent.once('close', () => reject(new Error('the connection was closed without an answer')));
    sent.end(body);
  });
}

function pinnedTo({ address, family }: Address): LookupFunction {
  return (_host, options, callback) => {
    if (options.all) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}

async function firstBytes(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    // Leaving the loop closes the connection.
    if (length >= MAX_ANSWER_BYTES) break;
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

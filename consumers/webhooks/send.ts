import { lookup } from 'node:dns/promises';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import {
  hostOf,
  parseTarget,
  requireAllowed,
  type TargetPolicy,
} from '../../domain/webhook-target';

/** Standard Webhooks asks for 15 to 30 s. */
const TIMEOUT_MS = 20_000;
/** What of an answer is read, and shown in the delivery log. */
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
  { policy, resolve = resolveAll }: SendOptions,
): Promise<SendAnswer> {
  const target = parseTarget(url, policy);
  const addresses = await resolve(hostOf(target));
  for (const { address } of addresses) requireAllowed(address, policy);
  const [pinned] = addresses;
  if (!pinned) throw new Error(`${hostOf(target)} has no address`);
  const response = await post(target, { headers, body }, pinned);
  return { status: response.statusCode!, answer: await firstBytes(response) };
}

async function resolveAll(host: string): Promise<readonly Address[]> {
  return lookup(host, { all: true, verbatim: true });
}

function post(
  target: URL,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: string },
  pinned: Address,
): Promise<IncomingMessage> {
  const request = target.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(
      target,
      {
        method: 'POST',
        // A connection that is kept would not be checked again.
        agent: false,
        lookup: pinnedTo(pinned),
        signal: AbortSignal.timeout(TIMEOUT_MS),
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

import Stripe from 'stripe';

/** Shorter than an activity's 10 s, longer than almost every answer of the provider. */
const ANSWER_TIMEOUT_MS = 8_000;

const DEFAULT_PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The official client; `apiBase` points it at another server that speaks Stripe's API. */
export function createStripe(apiKey: string, apiBase: string | undefined): Stripe {
  const { hostname, port, protocol } = new URL(apiBase ?? 'https://api.stripe.com');
  return new Stripe(apiKey, {
    ...(apiBase === undefined
      ? {}
      : {
          host: hostname,
          port: port || DEFAULT_PORTS[protocol]!,
          protocol: protocol === 'http:' ? 'http' : 'https',
        }),
    // Temporal is the one layer that retries; the client's own single retry of a connection that
    // was closed cannot be turned off, and is harmless: it sends the same key.
    maxNetworkRetries: 0,
    timeout: ANSWER_TIMEOUT_MS,
    telemetry: false,
  });
}

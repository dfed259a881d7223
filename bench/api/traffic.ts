import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import type { OrdersApi } from '../../dev/post-order';

const CONNECTIONS = 32;

const ORDER = JSON.stringify({
  customer: { id: 'cus_bench', email: 'bench@example.com' },
  lines: [
    { sku: 'BENCH-A', quantity: 1 },
    { sku: 'BENCH-B', quantity: 2 },
  ],
  paymentMethod: 'pm_card_visa',
});

/** What a run came to; times in milliseconds, errors of every kind. */
export interface TrafficResult {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly errors: number;
}

/** How long, and how many a second; as many as there can be without a rate. */
export interface TrafficOptions {
  readonly seconds: number;
  readonly ratePerSecond?: number;
}

/**
 * `POST /v1/orders`, each with a key of its own. With a rate autocannon sends at that rate whatever
 * is answered, and corrects its times for what it had to hold back (coordinated omission).
 */
export async function postOrders(
  { url, apiKey }: OrdersApi,
  { seconds, ratePerSecond }: TrafficOptions,
): Promise<TrafficResult> {
  const result = await autocannon({
    url: `${url}/v1/orders`,
    method: 'POST',
    connections: CONNECTIONS,
    duration: seconds,
    ...(ratePerSecond === undefined ? {} : { overallRate: Math.round(ratePerSecond) }),
    requests: [
      {
        body: ORDER,
        setupRequest: (request) => ({
          ...request,
          headers: {
            'Content-Type': 'application/json',
            Authorization: `Bearer ${apiKey}`,
            'Idempotency-Key': randomUUID(),
          },
        }),
      },
    ],
  });
  return {
    requestsPerSecond: Math.round(result.requests.average),
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    errors: result.errors + result.timeouts + result.non2xx,
  };
}

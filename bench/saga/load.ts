import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { postOrder, type OrdersApi, type OrderToPost } from '../../dev/post-order';
import type { OutcomeClock } from './outcome-clock';

/** No order may take longer: a run in which one does is void. */
const ORDER_TIMEOUT_MS = 60_000;

const ORDER: OrderToPost = {
  customer: { id: 'cus_bench', email: 'bench@example.com' },
  lines: [
    { sku: 'BENCH-A', quantity: 1 },
    { sku: 'BENCH-B', quantity: 2 },
  ],
  paymentMethod: 'pm_card_visa',
};

/** How long one order took, from its POST, in milliseconds. */
export interface OrderTimes {
  readonly orderId: string;
  readonly acceptedMs: number;
  readonly confirmedMs: number;
}

/** One API under load. */
export interface Target {
  readonly api: OrdersApi;
  readonly clock: OutcomeClock;
}

/** Closed loop: `concurrency` clients, each places its next order when its last is confirmed. */
export async function closedLoop(
  target: Target,
  { orders, concurrency }: { orders: number; concurrency: number },
): Promise<{ times: OrderTimes[]; ordersPerSecond: number }> {
  const times: OrderTimes[] = [];
  let begun = 0;
  const start = performance.now();
  async function client(): Promise<void> {
    while (begun < orders) {
      begun += 1;
      times.push(await placeOne(target, performance.now()));
    }
  }
  await Promise.all(Array.from({ length: concurrency }, client));
  return { times, ordersPerSecond: (orders / (performance.now() - start)) * 1000 };
}

/**
 * Open loop: an order every 1/rate seconds, whether or not the last ones are answered, each timed
 * from when it was due: waiting in our own queue counts (no coordinated omission).
 */
export async function openLoop(
  target: Target,
  { orders, ratePerSecond }: { orders: number; ratePerSecond: number },
): Promise<OrderTimes[]> {
  const start = performance.now();
  return Promise.all(
    Array.from({ length: orders }, async (_, i) => {
      const due = start + (i / ratePerSecond) * 1000;
      await sleep(Math.max(due - performance.now(), 0));
      return placeOne(target, due);
    }),
  );
}

async function placeOne({ api, clock }: Target, due: number): Promise<OrderTimes> {
  const response = await postOrder(api, ORDER, { key: randomUUID() });
  const acceptedMs = performance.now() - due;
  if (response.status !== 202) throw new Error(`POST answered ${response.status}`);
  const { id: orderId } = (await response.json()) as { id: string };
  const confirmedAt = await clock.whenOver(orderId, ORDER_TIMEOUT_MS);
  return { orderId, acceptedMs, confirmedMs: confirmedAt - due };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Stack } from './stack';

/** Keys, and how often each is sent at once. */
const KEYS = 1_000;
const TWINS = 20;
/** Keys under way at once: so many twins are there when the API dies. */
const AT_ONCE = 5;
/** When the API is killed, by keys that were answered. */
const KILLS = [300, 650];
/** A client waits so long before it asks again. */
const RETRY_MS = 50;
const TIMEOUT_MS = 420_000;
const CUSTOMER = { id: 'cus_twins', email: 'twins@example.com' };

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  // Sold out: each order ends soon, and the machine is free for the clients.
  await stack.stock('TWINS', 0);
});
afterAll(() => stack.close());

/** Asks until there is an answer: what a client does that has lost its connection. */
async function untilAnswered(key: string): Promise<string> {
  for (;;) {
    try {
      const response = await stack.post({ sku: 'TWINS' }, { key, customer: CUSTOMER });
      const text = await response.text();
      if (response.status === 202) return text;
      if (response.status !== 409 && response.status !== 503) {
        throw new TypeError(`${key} was answered ${response.status}: ${text}`);
      }
    } catch (error) {
      if (error instanceof TypeError && error.message.startsWith(key)) throw error;
    }
    await sleep(RETRY_MS);
  }
}

test(
  'a thousand keys, each sent twenty times at once while the API is killed twice, are a thousand orders with one answer each',
  async () => {
    const answers = new Map<string, Set<string>>();
    let next = 0;
    const kills = [...KILLS];
    const killing: Promise<void>[] = [];
    async function client(): Promise<void> {
      while (next < KEYS) {
        const key = `twins-${next}`;
        next += 1;
        if (kills.length > 0 && answers.size >= kills[0]!) {
          kills.shift();
          killing.push(stack.killAndAwaitRestart('api'));
        }
        const told = await Promise.all(Array.from({ length: TWINS }, () => untilAnswered(key)));
        answers.set(key, new Set(told));
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, client));
    await Promise.all(killing);

    expect(killing).toHaveLength(KILLS.length);
    const different = [...answers].filter(([, told]) => told.size !== 1);
    expect(different).toEqual([]);
    const ids = [...answers.values()].map(([text]) => (JSON.parse(text!) as { id: string }).id);
    expect(new Set(ids).size).toBe(KEYS);
    const orders = stack.db.selectFrom('orders.orders').select('order_id');
    const saved = await orders.where('customer_id', '=', CUSTOMER.id).execute();
    expect(saved.map(({ order_id }) => order_id).sort()).toEqual([...ids].sort());
  },
  TIMEOUT_MS,
);

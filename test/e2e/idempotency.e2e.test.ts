import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { stockProduct } from '../../dev/catalogue';
import { postOrder } from '../../dev/post-order';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { withDatabase } from '../../dev/with-database';

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

const SKU = 'TWINS';
const ORDER = {
  customer: { id: 'cus_twins', email: 'twins@example.com' },
  lines: [{ sku: SKU, quantity: 1 }],
  paymentMethod: 'pm_card_visa',
};

/** Asks until there is an answer: what a client does that has lost its connection. */
async function untilAnswered(system: System, key: string): Promise<string> {
  for (;;) {
    const response = await postOrder(system.ordersApi, ORDER, { key }).catch(() => undefined);
    const text = await response?.text().catch(() => undefined);
    if (response?.status === 202 && text !== undefined) return text;
    const isPassing = response === undefined || [202, 409, 503].includes(response.status);
    if (!isPassing) throw new Error(`${key} was answered ${response.status}: ${text}`);
    await sleep(RETRY_MS);
  }
}

/** Every key with the answers that it was given. */
async function sendAll(system: System): Promise<Map<string, Set<string>>> {
  const answers = new Map<string, Set<string>>();
  const kills = [...KILLS];
  const killing: Promise<unknown>[] = [];
  let begun = 0;
  async function client(): Promise<void> {
    while (begun < KEYS) {
      begun += 1;
      const key = randomUUID();
      if (kills.length > 0 && answers.size >= kills[0]!) {
        kills.shift();
        killing.push(system.killAndAwaitRestart('api'));
      }
      const told = Array.from({ length: TWINS }, () => untilAnswered(system, key));
      answers.set(key, new Set(await Promise.all(told)));
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, client));
  await Promise.all(killing);
  expect(killing).toHaveLength(KILLS.length);
  return answers;
}

test(
  'a thousand keys, each sent twenty times at once while the API is killed twice, are a thousand orders with one answer each',
  () =>
    // Of its own, and without sagas: a thousand mails would keep the other tests waiting.
    onScratchSystem({ name: 'twins', withoutTemporal: true }, async (system) => {
      await withDatabase(system.setting('DATABASE_URL'), 'test', async (db) => {
        await stockProduct(db, SKU, KEYS);
        await system.startService('api');
        const answers = await sendAll(system);

        expect([...answers].filter(([, told]) => told.size !== 1)).toEqual([]);
        const ids = [...answers.values()].map(([text]) => (JSON.parse(text!) as { id: string }).id);
        expect(new Set(ids).size).toBe(KEYS);
        const saved = await db.selectFrom('orders.orders').select('order_id').execute();
        expect(saved.map(({ order_id }) => order_id).sort()).toEqual([...ids].sort());
      });
    }),
  TIMEOUT_MS,
);

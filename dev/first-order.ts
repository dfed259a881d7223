import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../db/database';
import { readJournal, type JournalEntry } from '../db/journal';
import { eventId } from '../events/envelope';
import { OrderCreated } from '../events/order-events';
import { loadConsumers } from '../workers/consumer-registry';
import type { System } from './system';
import { postOrder, type OrdersApi, type OrderToPost } from './post-order';
import { waitFor } from './wait';
import { withDatabase } from './with-database';

const CONFIRM_SECONDS = 30;
const REACT_TIMEOUT_MS = 30_000;

/** What a consumer did about the order. */
interface ConsumerEffect {
  readonly group: string;
  readonly effect: unknown;
  readonly handledAt: Date;
}

/** One order, followed to the end of its journey on both sides. */
export interface FollowedOrder {
  readonly orderId: string;
  readonly confirmedInMs: number;
  readonly journal: JournalEntry[];
  readonly effects: ConsumerEffect[];
}

/**
 * Places an order over HTTP and waits until it is confirmed, paid, published, reacted to by every
 * consumer, and the mail delivered. Throws with what did not happen.
 */
export async function placeFirstOrder(system: System): Promise<FollowedOrder> {
  const { orderId, confirmedInMs } = await placeOrder(system.ordersApi);
  return withDatabase(system.setting('DATABASE_URL'), 'tandem-first-order', async (db) => {
    const journal = await waitForJournal(db, orderId);
    const effects = await waitForConsumers(db, orderId);
    await waitForMail(system, orderId);
    return { orderId, confirmedInMs, journal, effects };
  });
}

const FIRST_ORDER: OrderToPost = {
  customer: { id: 'cus_ada', email: 'ada@example.com', name: 'Ada' },
  lines: [
    { sku: 'TEA-EARL-GREY', quantity: 2 },
    { sku: 'CUP-STONEWARE', quantity: 1 },
  ],
  paymentMethod: 'pm_card_visa',
};

async function placeOrder(api: OrdersApi) {
  const startedAt = performance.now();
  const response = await postOrder(api, FIRST_ORDER, {
    key: `first-order-${randomUUID()}`,
    waitSeconds: CONFIRM_SECONDS,
  });
  const order = (await response.json()) as { id?: string; status?: unknown };
  if (order.id === undefined || order.status !== 'confirmed') {
    throw new Error(`the order was not confirmed: ${response.status} ${JSON.stringify(order)}`);
  }
  return { orderId: order.id, confirmedInMs: performance.now() - startedAt };
}

/** The journal, once the payment is captured and every event has its stream id. */
async function waitForJournal(db: Database, orderId: string): Promise<JournalEntry[]> {
  return waitFor('the saga to finish', REACT_TIMEOUT_MS, async () => {
    const journal = await readJournal(db, orderId);
    const isPaid = journal.some(({ name }) => name === 'PaymentCaptured');
    const isPublished = journal.every((entry) => entry.eventId === null || entry.streamId !== null);
    return isPaid && isPublished ? journal : undefined;
  });
}

async function waitForConsumers(db: Database, orderId: string): Promise<ConsumerEffect[]> {
  const groups = loadConsumers().map(({ group }) => group);
  return Promise.all(
    groups.map((group) =>
      waitFor(`the consumer ${group}`, REACT_TIMEOUT_MS, () => findEffect(db, group, orderId)),
    ),
  );
}

async function findEffect(
  db: Database,
  group: string,
  orderId: string,
): Promise<ConsumerEffect | undefined> {
  const { rows } = await sql<{ effect: unknown; handled_at: Date }>`
    select effect, handled_at from ${sql.table(`${group}.inbox`)}
    where event_id = ${eventId(OrderCreated, orderId)}`.execute(db);
  return rows[0] && { group, effect: rows[0].effect, handledAt: rows[0].handled_at };
}

/** Only where the mails end in our own inbox. */
async function waitForMail(system: System, orderId: string): Promise<void> {
  if (system.inboxPort === undefined) return;
  await waitFor('the mail', REACT_TIMEOUT_MS, async () => {
    const mails = await system.mails();
    return mails.find(({ subject }) => subject.includes(orderId));
  });
}

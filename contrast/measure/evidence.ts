import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { fetchIntents } from '../../dev/payment-simulator/client';
import type { System } from '../../dev/system';
import type { Design, KnownOrder } from '../design';
import type { PlannedOrder } from '../load/orders';
import { addressOf, unitsSold } from './figures';

/** Longer than the placement deadline and the sweeps behind it. */
const SETTLE_MS = 50_000;
/** Mails that have not come this long after the last order ended will not come. */
const MAIL_PATIENCE_MS = 12_000;
const POLL_MS = 250;

/** What the two sides and the providers know of these orders. */
export interface Traces {
  readonly orders: KnownOrder[];
  readonly mails: { readonly to: string; readonly at: number }[];
}

/** Waits until every order has ended and every customer has heard, or nothing more will come. */
export async function settle(
  system: System,
  design: Design,
  db: Kysely<unknown>,
  planned: readonly PlannedOrder[],
): Promise<Traces> {
  const deadline = Date.now() + SETTLE_MS;
  let endedAt: number | undefined;
  for (;;) {
    const found = await tracesOf(system, design, db, planned);
    const hasEnded = found.orders.every(({ status }) => status !== 'open');
    if (hasEnded) endedAt ??= Date.now();
    const confirmed = found.orders.filter(({ status }) => status === 'confirmed');
    const told = new Set(found.mails.map(({ to }) => to));
    const isDone = hasEnded && confirmed.every((order) => told.has(addressOf(order)));
    const isHopeless = endedAt !== undefined && Date.now() - endedAt > MAIL_PATIENCE_MS;
    if (isDone || isHopeless || Date.now() > deadline) return found;
    await sleep(POLL_MS);
  }
}

async function tracesOf(
  system: System,
  design: Design,
  db: Kysely<unknown>,
  planned: readonly PlannedOrder[],
): Promise<Traces> {
  const customers = new Set(planned.map(({ order }) => order.customer.id));
  const orders = (await design.orders(db)).filter(({ customerId }) => customers.has(customerId));
  const addresses = new Set(orders.map(addressOf));
  const mails = (await system.mails())
    .filter(({ to, subject }) => addresses.has(to) && subject.endsWith('is confirmed'))
    .map(({ to, receivedAt }) => ({ to, at: Date.parse(receivedAt) }));
  return { orders, mails };
}

/** What the provider and the shelf have, once what is under way behind the last outcome has ended. */
export async function settledStores(
  system: System,
  design: Design,
  db: Kysely<unknown>,
  { orders, availableBefore }: { orders: readonly KnownOrder[]; availableBefore: number },
) {
  const ours = new Set(orders.map(({ orderId }) => orderId));
  const sold = unitsSold(orders);
  const deadline = Date.now() + MAIL_PATIENCE_MS;
  for (;;) {
    const intents = await fetchIntents(system.setting('STRIPE_API_BASE'));
    const availableAfter = await design.available(db);
    const isOpen = intents.some(
      ({ status, metadata }) => status === 'requires_capture' && ours.has(metadata.orderId),
    );
    const isBalanced = availableBefore - availableAfter === sold;
    if ((!isOpen && isBalanced) || Date.now() > deadline) return { intents, availableAfter };
    await sleep(POLL_MS);
  }
}

import { sql, type RawBuilder } from 'kysely';
import type { ClosedStatus, OrderStatus } from '../domain/order';
import { eventId } from '../events/envelope';
import {
  OrderCancelled,
  OrderCreated,
  OrderFailed,
  OrderRejected,
  type CustomerContact,
} from '../events/order-events';
import type { Database } from './database';
import {
  advanceJournal,
  afterNextEvent,
  eventsAtHand,
  nextEvent,
  positionsAtHand,
  type JournalEvent,
} from './journal';
import { findOrder, takePendingAtHand, type OrderAtPosition, type PendingOrder } from './orders';
import { retryWhenOvertaken } from './overtaken';

/** PostgreSQL's NOTIFY channel on which the id of every order is told whose placement is over. */
export const OUTCOME_CHANNEL = 'order_outcome';

/** Hides a customer's contact. */
export type Seal = (contact: CustomerContact) => Promise<string>;

/** What became of a wish to confirm. */
export type Confirmation =
  | { readonly outcome: 'confirmed'; readonly eventId: string }
  | { readonly outcome: 'hold_released' }
  | { readonly outcome: 'cancel_requested' }
  | { readonly outcome: 'abandoned' }
  | { readonly outcome: 'ended'; readonly status: OrderStatus };

/** How a placement ended that was not confirmed: the truth, whoever wrote it first. */
export interface Closing {
  readonly status: ClosedStatus;
  readonly code: string;
  readonly eventId: string;
}

/**
 * The pivot, in one statement: order confirmed, hold committed, `OrderCreated` recorded. A repeat
 * returns the first one's event. Anything but `confirmed` says that nothing has changed.
 */
export async function confirmOrder(
  db: Database,
  orderId: string,
  seal: Seal,
): Promise<Confirmation | undefined> {
  const atHand = takePendingAtHand(db, orderId);
  if (atHand && (await tryToConfirm(db, atHand, seal))) return confirmed(orderId);
  return retryWhenOvertaken(async () => {
    const order = await findOrder(db, orderId);
    if (!order) return undefined;
    if (order.status === 'confirmed') return confirmed(orderId);
    if (order.isCancelRequested) return { outcome: 'cancel_requested' };
    if (order.status !== 'pending') return { outcome: 'ended', status: order.status };
    if (order.isAbandoned) return { outcome: 'abandoned' };

    if (await tryToConfirm(db, order, seal)) return confirmed(orderId);
    return (await hasHold(db, orderId)) ? 'overtaken' : { outcome: 'hold_released' };
  });
}

function confirmed(orderId: string): Confirmation {
  return { outcome: 'confirmed', eventId: eventId(OrderCreated, orderId) };
}

async function tryToConfirm(db: Database, order: PendingOrder, seal: Seal): Promise<boolean> {
  const { orderId, position } = order;
  const facts = { ...orderFacts(order), lines: [...order.lines] };
  const data = { ...facts, sealed: await seal(order.customer) };
  const event = nextEvent(position, { contract: OrderCreated, orderId, data });
  if (!(await moveToConfirmed(db, order, event))) return false;
  eventsAtHand.put(db, event.id, event);
  positionsAtHand.put(db, orderId, afterNextEvent(position));
  return true;
}

async function moveToConfirmed(
  db: Database,
  { orderId, position }: PendingOrder,
  event: JournalEvent,
): Promise<boolean> {
  const journal = advanceJournal(position);
  const { rows } = await sql<{ isConfirmed: boolean }>`
    with held as materialized (
      select order_id from inventory.holds where order_id = ${orderId} and state = 'held' for update),
    moved as (
      update orders.orders set status = 'confirmed', ${journal.set}
      where order_id in (select order_id from held) and status = 'pending'
        and abandoned_at is null and cancel_requested_at is null and ${journal.where}
      returning order_id),
    hold as (
      update inventory.holds set state = 'committed', settled_at = now()
      where order_id in (select order_id from moved)),
    locked as materialized (
      select stock.sku, quantity
      from inventory.hold_lines join moved using (order_id) join inventory.stock using (sku)
      order by stock.sku for update of stock),
    shelf as (
      update inventory.stock set reserved = reserved - quantity, on_hand = on_hand - quantity
      from locked where stock.sku = locked.sku),
    event as (${event.insert('moved')}),
    told as materialized (${tell('moved')})
    select exists (select from moved) as "isConfirmed", (select count(*) from told)`.execute(db);
  return rows[0]!.isConfirmed;
}

/** Held, or committed by a confirmation at the same time: one that came first is no release. */
async function hasHold(db: Database, orderId: string): Promise<boolean> {
  const found = await db
    .selectFrom('inventory.holds')
    .select('state')
    .where('order_id', '=', orderId)
    .where('state', 'in', ['held', 'committed'])
    .executeTakeFirst();
  return found !== undefined;
}

/** What an abandoned placement is to end as. */
export interface Abandonment {
  readonly status: ClosedStatus;
  readonly code: string;
}

/**
 * Bars the pivot for good, and writes down as what the placement is to end: whoever still tries to
 * confirm this order is refused, and an attempt after this one, which finds things undone already,
 * is told why. Returns the event of a confirmation that was faster: then nothing has changed.
 */
export async function abandonPlacement(
  db: Database,
  { orderId, status, code }: { orderId: string } & Abandonment,
): Promise<{ confirmedEventId: string } | { ending: Abandonment }> {
  await db
    .updateTable('orders.orders')
    .set({ abandoned_at: sql`now()`, abandoned_as: status, abandoned_code: code })
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .where('abandoned_at', 'is', null)
    .execute();
  const found = await db
    .selectFrom('orders.orders')
    .select(['status', 'abandoned_as', 'abandoned_code'])
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  if (found.status === 'confirmed') return { confirmedEventId: eventId(OrderCreated, orderId) };
  return { ending: { status: found.abandoned_as ?? status, code: found.abandoned_code ?? code } };
}

/**
 * Ends an abandoned placement without an order that stands, and records the event that says so.
 * One that was closed before stays as it is, and that ending is returned. Undefined when there is
 * no such order, or when it is confirmed.
 */
export async function closeOrder(
  db: Database,
  { orderId, status, code }: { orderId: string; status: ClosedStatus; code: string },
  seal: Seal,
): Promise<Closing | undefined> {
  return retryWhenOvertaken(async () => {
    const order = await findOrder(db, orderId);
    if (!order || order.status === 'confirmed') return undefined;
    if (order.status !== 'pending') return closingOf(order, order.status);

    const data = { ...orderFacts(order), code, sealed: await seal(order.customer) };
    const contract = CLOSING_EVENTS[status];
    const event = nextEvent(order.position, { contract, orderId, data });
    const isClosed = await moveWithEvent(db, order, { from: 'pending', to: status, code }, event);
    return isClosed ? { status, code, eventId: event.id } : 'overtaken';
  });
}

/** Calls a confirmed order off and records `OrderCancelled`. Returns the event's id, every time. */
export async function cancelConfirmedOrder(
  db: Database,
  orderId: string,
  code: string,
  seal: Seal,
): Promise<string | undefined> {
  return retryWhenOvertaken(async () => {
    const order = await findOrder(db, orderId);
    if (order?.status === 'cancelled') return eventId(OrderCancelled, orderId);
    if (order?.status !== 'confirmed') return undefined;

    const data = { ...orderFacts(order), code, sealed: await seal(order.customer) };
    const contract = OrderCancelled;
    const causationId = eventId(OrderCreated, orderId);
    const event = nextEvent(order.position, { contract, orderId, data, causationId });
    const change = { from: 'confirmed', to: 'cancelled', code } as const;
    return (await moveWithEvent(db, order, change, event)) ? event.id : 'overtaken';
  });
}

const CLOSING_EVENTS = {
  rejected: OrderRejected,
  failed: OrderFailed,
  cancelled: OrderCancelled,
} as const;

function closingOf({ orderId, outcomeCode }: OrderAtPosition, status: ClosedStatus): Closing {
  return { status, code: outcomeCode!, eventId: eventId(CLOSING_EVENTS[status], orderId) };
}

async function moveWithEvent(
  db: Database,
  { orderId, position }: OrderAtPosition,
  { from, to, code }: { from: OrderStatus; to: OrderStatus; code: string },
  event: JournalEvent,
): Promise<boolean> {
  const journal = advanceJournal(position);
  const { rows } = await sql<{ isMoved: boolean }>`
    with moved as (
      update orders.orders set status = ${to}, outcome_code = ${code}, ${journal.set}
      where order_id = ${orderId} and status = ${from} and ${journal.where}
      returning order_id),
    event as (${event.insert('moved')}),
    told as materialized (${tell('moved')})
    select exists (select from moved) as "isMoved", (select count(*) from told)`.execute(db);
  return rows[0]!.isMoved;
}

function tell(source: string): RawBuilder<unknown> {
  return sql`select pg_notify(${OUTCOME_CHANNEL}, order_id) from ${sql.raw(source)}`;
}

function orderFacts({ orderId, customerId, currency, totalMinor }: PendingOrder) {
  return { orderId, customerId, currency, totalMinor };
}

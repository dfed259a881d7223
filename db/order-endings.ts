import { sql } from 'kysely';
import type { ClosedStatus, OrderStatus } from '../domain/order';
import { eventId } from '../events/envelope';
import {
  OrderCancelled,
  OrderCreated,
  OrderFailed,
  OrderRejected,
  type CustomerContact,
} from '../events/order-events';
import type { Database, DatabaseTransaction } from './database';
import { commitHold } from './inventory';
import { recordEvent } from './journal';
import { findOrder, type Order } from './orders';

/** PostgreSQL's NOTIFY channel on which the id of every order is told whose placement is over. */
export const OUTCOME_CHANNEL = 'order_outcome';

/** What became of a wish to end a placement. */
export type Ending =
  | { readonly outcome: 'ended'; readonly eventId: string }
  | { readonly outcome: 'hold_released' }
  | { readonly outcome: 'ended_otherwise'; readonly status: OrderStatus };

/**
 * The pivot, in one transaction: order confirmed, hold committed, `OrderCreated` recorded.
 * A repeat returns the first one's event. `seal` hides the customer's contact.
 */
export async function confirmOrder(
  db: Database,
  orderId: string,
  seal: (contact: CustomerContact) => Promise<string>,
): Promise<Ending | undefined> {
  const order = await findOrder(db, orderId);
  if (!order) return undefined;
  const sealed = await seal(order.customer);

  return endPlacement(db, order, 'confirmed', null, async (tx) => {
    if (!(await commitHold(tx, orderId))) return undefined;
    const lines = order.lines.map((line) => ({ ...line }));
    const data = { ...orderFacts(order), lines, sealed };
    return recordEvent(tx, { contract: OrderCreated, orderId, data });
  });
}

/** Ends the placement without an order that stands, and records the event that says so. */
export async function closeOrder(
  db: Database,
  { orderId, status, code }: { orderId: string; status: ClosedStatus; code: string },
  seal: (contact: CustomerContact) => Promise<string>,
): Promise<Ending | undefined> {
  const order = await findOrder(db, orderId);
  if (!order) return undefined;
  const data = { ...orderFacts(order), code, sealed: await seal(order.customer) };

  return endPlacement(db, order, status, code, (tx) =>
    recordEvent(tx, { contract: CLOSING_EVENTS[status], orderId, data }),
  );
}

const CLOSING_EVENTS = {
  rejected: OrderRejected,
  failed: OrderFailed,
  cancelled: OrderCancelled,
} as const;

const ENDING_EVENTS = { confirmed: OrderCreated, ...CLOSING_EVENTS } as const;

/** Thrown inside the transaction to take its change of status back. */
class HoldReleased extends Error {}

async function endPlacement(
  db: Database,
  { orderId }: Order,
  status: Exclude<OrderStatus, 'pending'>,
  code: string | null,
  recordEnding: (tx: DatabaseTransaction) => Promise<string | undefined>,
): Promise<Ending> {
  try {
    return await db.transaction().execute(async (tx): Promise<Ending> => {
      const found = await moveFromPending(tx, orderId, status, code);
      if (found === status) {
        return { outcome: 'ended', eventId: eventId(ENDING_EVENTS[status], orderId) };
      }
      if (found) return { outcome: 'ended_otherwise', status: found };
      const recorded = await recordEnding(tx);
      if (!recorded) throw new HoldReleased();
      await sql`select pg_notify(${OUTCOME_CHANNEL}, ${orderId})`.execute(tx);
      return { outcome: 'ended', eventId: recorded };
    });
  } catch (error) {
    if (error instanceof HoldReleased) return { outcome: 'hold_released' };
    throw error;
  }
}

/** The status in which the order was found when it was not pending any more. */
async function moveFromPending(
  tx: DatabaseTransaction,
  orderId: string,
  status: OrderStatus,
  code: string | null,
): Promise<OrderStatus | undefined> {
  const moved = await tx
    .updateTable('orders.orders')
    .set({ status, outcome_code: code, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .returning('order_id')
    .executeTakeFirst();
  if (moved) return undefined;
  const found = await tx
    .selectFrom('orders.orders')
    .select('status')
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return found.status;
}

function orderFacts({ orderId, customerId, currency, totalMinor }: Order) {
  return { orderId, customerId, currency, totalMinor };
}

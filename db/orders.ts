import { sql } from 'kysely';
import type { ClosedStatus, FulfilmentStatus, OrderStatus, PaymentStatus } from '../domain/order';
import type { PricedLine } from '../domain/pricing';
import {
  OrderCancelled,
  OrderCreated,
  OrderFailed,
  OrderRejected,
  type CustomerContact,
} from '../events/order-events';
import { eventId } from '../events/envelope';
import type { Database, DatabaseTransaction } from './database';
import { commitHold } from './inventory';
import { recordEvent } from './journal';

/** PostgreSQL's NOTIFY channel on which the id of every order is told whose placement is over. */
export const OUTCOME_CHANNEL = 'order_outcome';

/** An order as it stands. */
export interface Order {
  readonly orderId: string;
  readonly customerId: string;
  readonly customer: CustomerContact;
  readonly paymentMethod: string;
  readonly status: OrderStatus;
  readonly paymentStatus: PaymentStatus;
  readonly fulfilmentStatus: FulfilmentStatus;
  readonly outcomeCode: string | null;
  readonly needsAttention: readonly string[];
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PricedLine[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The order, or undefined; with `caller`, only if it is this caller's. */
export async function findOrder(
  db: Database | DatabaseTransaction,
  orderId: string,
  caller?: string,
): Promise<Order | undefined> {
  const row = await db
    .selectFrom('orders.orders')
    .selectAll()
    .where('order_id', '=', orderId)
    .$if(caller !== undefined, (query) => query.where('caller', '=', caller!))
    .executeTakeFirst();
  if (!row) return undefined;
  const lines = await db
    .selectFrom('orders.order_lines')
    .select(['sku', 'quantity', 'unit_price_minor as unitPriceMinor'])
    .where('order_id', '=', orderId)
    .orderBy('line_number')
    .execute();
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    customer: {
      email: row.customer_email,
      ...(row.customer_name === null ? {} : { name: row.customer_name }),
    },
    paymentMethod: row.payment_method,
    status: row.status,
    paymentStatus: row.payment_status,
    fulfilmentStatus: row.fulfilment_status,
    outcomeCode: row.outcome_code,
    needsAttention: row.needs_attention,
    currency: row.currency,
    totalMinor: row.total_minor,
    lines,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

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

/** Notes what a person has to finish; the same note twice is one. */
export async function noteAttention(db: Database, orderId: string, what: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_append(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`not ${what} = any (needs_attention)`)
    .execute();
}

/** A pending order, as far as its saga needs to know it. */
export interface OrderWithoutSaga {
  readonly orderId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: { sku: string; quantity: number }[];
}

/** Pending orders older than `olderThanMs` whose saga nobody has started yet, oldest first. */
export async function findOrdersWithoutSaga(
  db: Database,
  { olderThanMs, limit }: { olderThanMs: number; limit: number },
): Promise<OrderWithoutSaga[]> {
  const { rows } = await sql<OrderWithoutSaga>`
    select o.order_id as "orderId", customer_id as "customerId", currency,
           total_minor as "totalMinor",
           json_agg(json_build_object('sku', sku, 'quantity', quantity) order by line_number)
             as lines
    from orders.orders as o join orders.order_lines as l using (order_id)
    where status = 'pending' and saga_started_at is null
      and created_at < now() - make_interval(secs => ${olderThanMs / 1000})
    group by o.order_id
    order by o.created_at
    limit ${limit}`.execute(db);
  return rows;
}

/** Writes down that the order has a saga, so that the sweep leaves it alone. */
export async function markSagaStarted(db: Database, orderId: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ saga_started_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('saga_started_at', 'is', null)
    .execute();
}

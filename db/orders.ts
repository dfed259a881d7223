import { sql, type Selectable } from 'kysely';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '../domain/order';
import type { PricedLine } from '../domain/pricing';
import type { CustomerContact } from '../events/order-events';
import type { Database, DatabaseTransaction } from './database';
import { atHand } from './at-hand';
import { owned, type Owner } from './owner';
import { positionOf, positionsAtHand, recordChange, type JournalPosition } from './journal';
import type { OrdersSchema } from './schema';

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
  /** Its saga will never confirm it any more. */
  readonly isAbandoned: boolean;
  /** Somebody asked to call it off, and it is not over yet. */
  readonly isCancelRequested: boolean;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PricedLine[];
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Of the request that placed it. */
  readonly requestId: string | null;
}

/** An order with where its journal stands. */
export type OrderAtPosition = Order & { readonly position: JournalPosition };

/** What has to be known of a pending order to confirm it. */
export type PendingOrder = Pick<
  OrderAtPosition,
  'orderId' | 'customerId' | 'customer' | 'currency' | 'totalMinor' | 'lines' | 'position'
>;

/** Orders whose saga was started here: most are confirmed within the second. */
const ordersAtHand = atHand<PendingOrder>();

/** Keeps a pending order at hand for its confirmation. */
export function keepAtHand(db: Database, order: PendingOrder): void {
  ordersAtHand.put(db, order.orderId, order);
  positionsAtHand.put(db, order.orderId, order.position);
}

/** The order where this process last saw it; it may stand elsewhere by now. */
export function takePendingAtHand(db: Database, orderId: string): PendingOrder | undefined {
  const order = ordersAtHand.take(db, orderId);
  const position = positionsAtHand.take(db, orderId);
  return order && position && { ...order, position };
}

/** The order, or undefined; with `owner`, only if it is theirs. */
export async function findOrder(
  db: Database | DatabaseTransaction,
  orderId: string,
  owner?: Owner,
): Promise<OrderAtPosition | undefined> {
  const row = await db
    .selectFrom('orders.orders as o')
    .selectAll('o')
    .select(LINES.as('lines'))
    .select(sql<Date>`clock_timestamp()`.as('now'))
    .where('order_id', '=', orderId)
    .$if(owner !== undefined, (query) => query.where((where) => where.and(owned(owner!))))
    .executeTakeFirst();
  return row && orderOf(row);
}

/** The order that a row tells of, with its lines and the clock of the database. */
export function orderOf(
  row: Selectable<OrdersSchema['orders.orders']> & { lines: PricedLine[]; now: Date },
): OrderAtPosition {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    customer: customerOf(row),
    paymentMethod: row.payment_method,
    status: row.status,
    paymentStatus: row.payment_status,
    fulfilmentStatus: row.fulfilment_status,
    outcomeCode: row.outcome_code,
    needsAttention: row.needs_attention,
    isCancelRequested: row.cancel_requested_at !== null && CANCELLABLE.includes(row.status),
    isAbandoned: row.abandoned_at !== null,
    currency: row.currency,
    totalMinor: row.total_minor,
    lines: row.lines,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    requestId: row.request_id,
    position: positionOf(row),
  };
}

/** The lines of order `o`, as JSON in their order. */
export const LINES = sql<PricedLine[]>`(
  select json_agg(json_build_object(
    'sku', sku, 'quantity', quantity, 'unitPriceMinor', unit_price_minor) order by line_number)
  from orders.order_lines where order_id = o.order_id)`;

/** Whom to tell about an order. */
export function customerOf(row: {
  readonly customer_email: string;
  readonly customer_name: string | null;
}): CustomerContact {
  const { customer_email: email, customer_name: name } = row;
  return name === null ? { email } : { email, name };
}

const CANCELLABLE: readonly OrderStatus[] = ['pending', 'confirmed'];

/**
 * Notes what a person has to finish; the same note twice is one. With `decisions`, only while there
 * were no more of them about it: a try that was given up, and comes late, must not outlive them.
 */
export async function noteAttention(
  db: Database,
  orderId: string,
  what: string,
  decisions?: number,
): Promise<void> {
  const decided = sql<number>`(select count(*) from orders.journal as j
    where j.order_id = orders.order_id and j.name = 'OperatorDecided' and j.detail->>'step' = ${what})`;
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_append(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`not ${what} = any (needs_attention)`)
    .$if(decisions !== undefined, (update) => update.where(decided, '<=', decisions!))
    .execute();
}

/** Takes such a note away again. */
export async function settleAttention(db: Database, orderId: string, what: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_remove(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`${what} = any (needs_attention)`)
    .execute();
}

/** Who decided what about a step of the order's saga, and why. */
export interface Decision {
  readonly decisionId: string;
  readonly verb: string;
  readonly step: string;
  readonly by: string;
  readonly why: string;
}

/** Writes an operator's decision into the order's journal, once an id. */
export async function recordDecision(
  db: Database,
  orderId: string,
  decision: Decision,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const locked = await tx
      .selectFrom('orders.orders')
      .select('order_id')
      .where('order_id', '=', orderId)
      .forUpdate()
      .executeTakeFirst();
    const before = await tx
      .selectFrom('orders.journal')
      .select('sequence')
      .where('order_id', '=', orderId)
      .where('name', '=', 'OperatorDecided')
      .where(sql<boolean>`detail->>'decisionId' = ${decision.decisionId}`)
      .executeTakeFirst();
    if (locked && !before) await recordChange(tx, orderId, 'OperatorDecided', { ...decision });
  });
}

/** An order that needs a person, and for what. */
export interface OrderNeedingAttention {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly needsAttention: string[];
  readonly updatedAt: Date;
}

/** Orders that need a person, those that have waited longest first. */
export async function findOrdersNeedingAttention(
  db: Database,
  limit: number,
): Promise<OrderNeedingAttention[]> {
  return db
    .selectFrom('orders.orders')
    .select([
      ...(['order_id as orderId', 'status'] as const),
      ...(['needs_attention as needsAttention', 'updated_at as updatedAt'] as const),
    ])
    .where(sql<boolean>`needs_attention <> '{}'`)
    .orderBy('updated_at')
    .limit(limit)
    .execute();
}

import { sql, type Selectable } from 'kysely';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '../domain/order';
import type { PricedLine } from '../domain/pricing';
import type { CustomerContact } from '../events/order-events';
import type { Database, DatabaseTransaction } from './database';
import { atHand } from './at-hand';
import { owned, type Owner } from './owner';
import { positionOf, positionsAtHand, type JournalPosition } from './journal';
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

import { sql } from 'kysely';
import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '../domain/order';
import type { PricedLine } from '../domain/pricing';
import type { CustomerContact } from '../events/order-events';
import type { Database, DatabaseTransaction } from './database';

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

/** Notes what a person has to finish; the same note twice is one. */
export async function noteAttention(db: Database, orderId: string, what: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_append(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`not ${what} = any (needs_attention)`)
    .execute();
}

import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order';
import type { Database } from './database';
import { orderOf, LINES, type Order } from './orders';
import { owned, type Owner } from './owner';

/** Which orders, and from where on. */
export interface OrderQuery {
  readonly status?: OrderStatus | undefined;
  readonly customerId?: string | undefined;
  /** Placed at this moment or later. */
  readonly from?: Date | undefined;
  /** Placed before this moment. */
  readonly until?: Date | undefined;
  /** Placed before this order. */
  readonly before?: string | undefined;
  readonly limit: number;
}

/** An owner's orders, the latest first. */
export async function listOrders(db: Database, owner: Owner, query: OrderQuery): Promise<Order[]> {
  const { status, customerId, from, until, before, limit } = query;
  const rows = await db
    .selectFrom('orders.orders as o')
    .selectAll('o')
    .select([LINES.as('lines'), sql<Date>`clock_timestamp()`.as('now')])
    .where((where) => where.and(owned(owner)))
    .$if(status !== undefined, (asked) => asked.where('status', '=', status!))
    .$if(customerId !== undefined, (asked) => asked.where('customer_id', '=', customerId!))
    .$if(from !== undefined, (asked) => asked.where('created_at', '>=', from!))
    .$if(until !== undefined, (asked) => asked.where('created_at', '<', until!))
    .$if(before !== undefined, (asked) => asked.where('order_id', '<', before!))
    .orderBy('order_id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(orderOf);
}

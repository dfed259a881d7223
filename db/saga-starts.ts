import { sql } from 'kysely';
import type { Database } from './database';

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

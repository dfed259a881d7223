import { sql } from 'kysely';
import type { Database } from './database';

/** PostgreSQL's NOTIFY channel on which saga workers are told that there is something to do. */
export const WORK_CHANNEL = 'saga_work';

/** What they are told: which kind of thing it is, so that nobody looks for the other. */
export type Work = 'order' | 'cancellation';

/**
 * A saga worker that took an order to start its saga has this long; then another one takes it. Also
 * how often the saga of an order that stays pending is looked after: starting it again is harmless.
 */
const START_AGAIN_AFTER_SECONDS = 20;

/** A start that failed is tried again after this long, behind orders that nobody has tried yet. */
const PAUSE_SECONDS = 2;

/** A pending order, as far as its saga needs to know it. */
export interface OrderWithoutSaga {
  readonly orderId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: { sku: string; quantity: number }[];
}

/** Takes up to `limit` pending orders that need a saga, new ones first; no other worker has them. */
export async function takeOrdersToStart(db: Database, limit: number): Promise<OrderWithoutSaga[]> {
  const { rows } = await sql<OrderWithoutSaga>`
    with due as (
      select order_id from orders.orders
      where status = 'pending' and (saga_started_at is null
        or saga_started_at < now() - make_interval(secs => ${START_AGAIN_AFTER_SECONDS}))
      order by saga_started_at nulls first, created_at limit ${limit} for update skip locked),
    taken as (
      update orders.orders o set saga_started_at = now()
      from due where o.order_id = due.order_id returning o.*)
    select order_id as "orderId", customer_id as "customerId", currency,
           total_minor as "totalMinor",
           (select json_agg(json_build_object('sku', sku, 'quantity', quantity) order by line_number)
            from orders.order_lines l where l.order_id = taken.order_id) as lines
    from taken order by created_at`.execute(db);
  return rows;
}

/** Gives an order back whose saga could not be started: it is taken again after a short while. */
export async function returnOrderToStart(db: Database, orderId: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({
      saga_started_at: sql`now() - make_interval(
        secs => ${START_AGAIN_AFTER_SECONDS - PAUSE_SECONDS})`,
    })
    .where('order_id', '=', orderId)
    .where('status', '=', 'pending')
    .execute();
}

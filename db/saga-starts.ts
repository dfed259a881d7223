import { sql } from 'kysely';
import type { PricedLine } from '../domain/pricing';
import type { Database } from './database';
import { positionOf, type PositionRecord } from './journal';
import { customerOf, keepAtHand, LINES, type PendingOrder } from './orders';

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

interface TakenRecord extends PositionRecord {
  readonly order_id: string;
  readonly customer_id: string;
  readonly customer_email: string;
  readonly customer_name: string | null;
  readonly currency: string;
  readonly total_minor: number;
  readonly lines: PricedLine[];
}

/**
 * Takes up to `limit` pending orders that need a saga, new ones first; no other worker has them.
 * They are at hand then for their confirmation, which mostly follows in this process.
 */
export async function takeOrdersToStart(db: Database, limit: number): Promise<PendingOrder[]> {
  const { rows } = await sql<TakenRecord>`
    with due as (
      select order_id from orders.orders
      where status = 'pending' and (saga_started_at is null
        or saga_started_at < now() - make_interval(secs => ${START_AGAIN_AFTER_SECONDS}))
      order by saga_started_at nulls first, created_at limit ${limit} for update skip locked),
    taken as (
      update orders.orders o set saga_started_at = now()
      from due where o.order_id = due.order_id returning o.*)
    select order_id, customer_id, customer_email, customer_name, currency, total_minor,
           journal_sequence, event_sequence, traceparent, tenant, clock_timestamp() as now,
           ${LINES} as lines
    from taken o order by created_at`.execute(db);
  const orders = rows.map(pendingOrderOf);
  for (const order of orders) keepAtHand(db, order);
  return orders;
}

function pendingOrderOf(row: TakenRecord): PendingOrder {
  return {
    orderId: row.order_id,
    customerId: row.customer_id,
    customer: customerOf(row),
    currency: row.currency,
    totalMinor: row.total_minor,
    lines: row.lines,
    position: positionOf(row),
  };
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

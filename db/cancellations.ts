import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order';
import type { Database } from './database';
import { recordChange } from './journal';
import { owned, type Owner } from './owner';
import { OUTCOME_CHANNEL } from './order-endings';
import { WORK_CHANNEL, type Work } from './saga-starts';

/** What became of a wish to call an order off. */
export type CancelRequest =
  | { readonly outcome: 'requested' }
  | { readonly outcome: 'cancelled' }
  | { readonly outcome: 'shipped' }
  | { readonly outcome: 'ended'; readonly status: OrderStatus };

/**
 * Writes down that the order is to be called off; a saga worker carries it out. Before the
 * confirmation the request alone bars it: whichever of the two commits first has won. Repeats are
 * told the same. Undefined when the owner has no such order.
 */
export async function requestCancellation(
  db: Database,
  orderId: string,
  owner: Owner,
): Promise<CancelRequest | undefined> {
  return db.transaction().execute(async (tx) => {
    const order = await tx
      .selectFrom('orders.orders')
      .select(['status', 'fulfilment_status', 'cancel_requested_at'])
      .where('order_id', '=', orderId)
      .where((where) => where.and(owned(owner)))
      .forUpdate()
      .executeTakeFirst();
    if (!order) return undefined;
    if (order.status === 'cancelled') return { outcome: 'cancelled' };
    if (order.fulfilment_status === 'shipped') return { outcome: 'shipped' };
    if (order.status === 'rejected' || order.status === 'failed') {
      return { outcome: 'ended', status: order.status };
    }
    if (order.cancel_requested_at === null) {
      await tx
        .updateTable('orders.orders')
        .set({ cancel_requested_at: sql`now()`, updated_at: sql`now()` })
        .where('order_id', '=', orderId)
        .execute();
      await recordChange(tx, orderId, 'CancellationRequested', { orderStatus: order.status });
      await sql`select pg_notify(${WORK_CHANNEL}, ${'cancellation' satisfies Work})`.execute(tx);
    }
    return { outcome: 'requested' };
  });
}

/** An order that is to be called off, as far as its sagas need to know it. */
export interface RequestedCancellation {
  readonly orderId: string;
  readonly status: OrderStatus;
}

/** Some requests that no saga has been told of yet: in no order, so that none stands in the way. */
export async function findCancelRequests(
  db: Database,
  limit: number,
): Promise<RequestedCancellation[]> {
  return db
    .selectFrom('orders.orders')
    .select(['order_id as orderId', 'status'])
    .where('cancel_requested_at', 'is not', null)
    .where('cancel_relayed_at', 'is', null)
    .orderBy(sql`random()`)
    .limit(limit)
    .execute();
}

/** Writes down that the request needs no more telling. */
export async function markCancelRelayed(db: Database, orderId: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ cancel_relayed_at: sql`now()` })
    .where('order_id', '=', orderId)
    .execute();
}

/**
 * Takes the shipment back, or makes sure that none is begun. Where shipments are kept, their table
 * decides; the order only follows. Safe to repeat.
 */
export async function stopShipment(
  db: Database,
  orderId: string,
): Promise<'stopped' | 'shipped' | 'not_confirmed'> {
  // From here on the order's own status is not moved to `requested` any more.
  await sql`
    update orders.orders
    set cancel_requested_at = coalesce(cancel_requested_at, now()), updated_at = now()
    where order_id = ${orderId} and status = 'confirmed' and fulfilment_status <> 'shipped'`.execute(
    db,
  );
  const order = await db
    .selectFrom('orders.orders')
    .select(['status', 'fulfilment_status'])
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  if (order?.status === 'cancelled') return 'stopped';
  if (order?.status !== 'confirmed') return 'not_confirmed';
  if (order.fulfilment_status === 'shipped' || !(await isStopped(db, orderId))) {
    await forgetRequest(db, orderId);
    return 'shipped';
  }
  await db
    .updateTable('orders.orders')
    .set({ fulfilment_status: 'stopped' })
    .where('order_id', '=', orderId)
    .where('fulfilment_status', '=', 'requested')
    .execute();
  return 'stopped';
}

/** Asks the consumer `fulfilment`, which owns the shipments. One that is not there ships nothing. */
async function isStopped(db: Database, orderId: string): Promise<boolean> {
  const { rows } = await sql<{ has_shipments: boolean }>`
    select to_regprocedure('fulfilment.stop_shipment(text)') is not null as has_shipments`.execute(
    db,
  );
  if (!rows[0]!.has_shipments) return true;
  const answer = await sql<{ status: string }>`
    select fulfilment.stop_shipment(${orderId}) as status`.execute(db);
  return answer.rows[0]!.status === 'stopped';
}

/** The request came too late: the order stands, and who waits for it is told. */
async function forgetRequest(db: Database, orderId: string): Promise<void> {
  await sql`
    with forgotten as (
      update orders.orders
      set cancel_requested_at = null, cancel_relayed_at = null, updated_at = now()
      where order_id = ${orderId} returning order_id)
    select pg_notify(${OUTCOME_CHANNEL}, order_id) from forgotten`.execute(db);
}

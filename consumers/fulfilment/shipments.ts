import { sql, type Kysely, type Transaction } from 'kysely';
import type { RuntimeSchema } from '../../db/consumers/tables';
import { OrderShipped } from '../../events/fulfilment-events';
import { streamOf } from '../../events/streams';
import { publishInto, sourceOf } from '../runtime/follow-ups';

/** Where a shipment stands. */
export type ShipmentStatus = 'requested' | 'shipped' | 'stopped';

/** The shipments of all orders: this table alone decides whether one leaves the house. */
export interface FulfilmentSchema extends RuntimeSchema {
  shipments: {
    order_id: string;
    status: ShipmentStatus;
    /** Null where it was stopped before it was asked for. */
    customer_id: string | null;
    tenant: string | null;
    sealed: string | null;
    /** The event that asked for it. */
    event_id: string | null;
    carrier: string | null;
    tracking_number: string | null;
    shipped_by: string | null;
    requested_at: Date | null;
    shipped_at: Date | null;
    stopped_at: Date | null;
  };
}

/** The table, and the door by which the saga that cancels an order stops its shipment. */
export const SHIPMENTS_TABLE = `
  create table shipments (
    order_id text primary key,
    status text not null check (status in ('requested', 'shipped', 'stopped')),
    customer_id text,
    sealed text,
    event_id text,
    carrier text,
    tracking_number text,
    shipped_by text,
    requested_at timestamptz default now(),
    shipped_at timestamptz,
    stopped_at timestamptz,
    check (status = 'stopped' or (customer_id is not null and sealed is not null)),
    check ((status = 'shipped') = (shipped_at is not null)),
    check (status <> 'shipped' or (carrier is not null and tracking_number is not null))
  );
  create index shipments_requested on shipments (requested_at) where status = 'requested';

  create function fulfilment.stop_shipment(the_order text) returns text
    language plpgsql security definer set search_path = fulfilment, pg_temp as $$
  declare became text;
  begin
    insert into shipments (order_id, status, requested_at, stopped_at)
      values (the_order, 'stopped', null, now())
      on conflict (order_id) do update set status = 'stopped', stopped_at = now()
        where shipments.status = 'requested';
    select status into became from shipments where order_id = the_order;
    return became;
  end $$;
  revoke execute on function fulfilment.stop_shipment(text) from public;
  grant usage on schema fulfilment to tandem_orders;
  grant execute on function fulfilment.stop_shipment(text) to tandem_orders, tandem_fulfilment;`;

/** Whose order it is. */
export const SHIPMENTS_TENANTS = 'alter table shipments add column tenant text;';

/** What a confirmed order says of its parcel. */
export interface Wanted {
  readonly orderId: string;
  readonly customerId: string;
  readonly tenant: string;
  readonly sealed: string;
  readonly eventId: string;
}

/** Asks for the order's shipment, unless it was stopped before. Returns where it stands. */
export async function requestShipment(
  tx: Transaction<FulfilmentSchema>,
  { orderId, customerId, tenant, sealed, eventId }: Wanted,
): Promise<ShipmentStatus> {
  const { rows } = await sql<{ status: ShipmentStatus }>`
    insert into shipments (order_id, status, customer_id, tenant, sealed, event_id)
    values (${orderId}, 'requested', ${customerId}, ${tenant}, ${sealed}, ${eventId})
    on conflict (order_id) do update set status = shipments.status returning status`.execute(tx);
  return rows[0]!.status;
}

/** Stops the shipment, or bars one that is not asked for yet. Returns where it stands. */
export async function stopShipment(
  tx: Transaction<FulfilmentSchema>,
  orderId: string,
): Promise<ShipmentStatus> {
  const { rows } = await sql<{ status: ShipmentStatus }>`
    select fulfilment.stop_shipment(${orderId}) as status`.execute(tx);
  return rows[0]!.status;
}

/** A parcel as it was handed to its carrier. */
export interface Parcel {
  readonly carrier: string;
  readonly trackingNumber: string;
  readonly by: string;
}

/** What became of a wish to ship. */
export type Shipping =
  | { readonly outcome: 'shipped' }
  | {
      readonly outcome: 'shipped_before';
      readonly carrier: string;
      readonly trackingNumber: string;
    }
  | { readonly outcome: 'stopped' }
  | { readonly outcome: 'unknown' };

/**
 * Writes down that the parcel is with its carrier, and says `OrderShipped` in the same transaction.
 * Of this and a cancellation, whichever commits first has won.
 */
export async function ship(
  db: Kysely<FulfilmentSchema>,
  orderId: string,
  { carrier, trackingNumber, by }: Parcel,
): Promise<Shipping> {
  return db.transaction().execute(async (tx) => {
    const shipment = await tx
      .selectFrom('shipments')
      .selectAll()
      .where('order_id', '=', orderId)
      .forUpdate()
      .executeTakeFirst();
    if (!shipment) return { outcome: 'unknown' };
    if (shipment.status === 'stopped') return { outcome: 'stopped' };
    if (shipment.status === 'shipped') {
      const [before, number] = [shipment.carrier!, shipment.tracking_number!];
      return { outcome: 'shipped_before', carrier: before, trackingNumber: number };
    }
    await tx
      .updateTable('shipments')
      .set({ status: 'shipped', carrier, tracking_number: trackingNumber, shipped_by: by })
      .set({ shipped_at: sql<Date>`now()` })
      .where('order_id', '=', orderId)
      .execute();
    const [customerId, sealed] = [shipment.customer_id!, shipment.sealed!];
    const followUps = { source: sourceOf('fulfilment'), streamOf };
    // The runtime's own tables are among ours.
    const publish = publishInto(tx, followUps, {
      id: shipment.event_id!,
      tenant: shipment.tenant ?? undefined,
    });
    await publish(OrderShipped, {
      subject: orderId,
      data: { orderId, customerId, carrier, trackingNumber, sealed },
    });
    return { outcome: 'shipped' };
  });
}

/** Shipments in one state, the longest waiting first. */
export async function listShipments(
  db: Kysely<FulfilmentSchema>,
  { status, limit }: { status: ShipmentStatus; limit: number },
) {
  return db
    .selectFrom('shipments')
    .select(['order_id as orderId', 'customer_id as customerId', 'status', 'carrier'])
    .select(['tracking_number as trackingNumber', 'requested_at as requestedAt'])
    .select(['shipped_at as shippedAt', 'shipped_by as shippedBy', 'stopped_at as stoppedAt'])
    .where('status', '=', status)
    .orderBy('requested_at')
    .limit(limit)
    .execute();
}

import { sql } from 'kysely';
import type { Database } from './database';
import { owned, type Owner } from './owner';

/** What happened to an order, as its owner may see it. */
export interface TimelineEntry {
  readonly sequence: number;
  readonly name: TimelineName;
  readonly recordedAt: Date;
  /** Why it ended (`OrderRejected`, `OrderFailed`, `OrderCancelled`). */
  readonly code: string | null;
  /** Who carries the parcel, and under which number (`FulfilmentShipped`). */
  readonly carrier: string | null;
  readonly trackingNumber: string | null;
}

/** The rows of the journal that are the owner's business; what our people decided is not. */
export const TIMELINE_NAMES = [
  ...(['OrderPlaced', 'PaymentAuthorized', 'PaymentDeclined', 'PaymentVoided'] as const),
  ...(['OrderCreated', 'OrderRejected', 'OrderFailed', 'OrderCancelled'] as const),
  ...(['PaymentCaptured', 'PaymentRefunded'] as const),
  ...(['CancellationRequested', 'FulfilmentShipped'] as const),
] as const;

/** One of {@link TIMELINE_NAMES}. */
type TimelineName = (typeof TIMELINE_NAMES)[number];

/** No order has more rows than a few dozen; one that has is read on at the next look. */
const MAX_ENTRIES = 200;

/** What happened after a sequence number, the oldest first. */
export async function readTimeline(
  db: Database,
  orderId: string,
  afterSequence: number,
): Promise<TimelineEntry[]> {
  const { rows } = await sql<TimelineEntry>`
    select sequence, name, recorded_at as "recordedAt",
      case when event_body is not null then event_body::jsonb->'data'->>'code' end as code,
      detail->>'carrier' as carrier, detail->>'trackingNumber' as "trackingNumber"
    from orders.journal
    where order_id = ${orderId} and sequence > ${afterSequence}::integer
      and name = any (${[...TIMELINE_NAMES]})
    order by sequence limit ${MAX_ENTRIES}`.execute(db);
  return rows;
}

/** How far each order's journal has come. */
export async function readJournalSequences(
  db: Database,
  orderIds: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ id: string; sequence: number }>`
    select order_id as id, journal_sequence as sequence from orders.orders
    where order_id = any (${[...orderIds]})`.execute(db);
  return new Map(rows.map(({ id, sequence }) => [id, sequence]));
}

/** Whether this owner has such an order. */
export async function hasOrder(db: Database, orderId: string, owner: Owner): Promise<boolean> {
  const found = await db
    .selectFrom('orders.orders')
    .select('order_id')
    .where('order_id', '=', orderId)
    .where((where) => where.and(owned(owner)))
    .executeTakeFirst();
  return found !== undefined;
}

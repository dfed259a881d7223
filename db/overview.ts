import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order';
import type { Database } from './database';

/** More pending orders than this are "that many, or more". */
const MAX_COUNTED = 10_000;

/** What waits, on the orchestrated side. */
export interface OrdersNow {
  /** Counted up to 10,000. */
  readonly pending: number;
  /** Of those, the ones whose saga nobody has begun. */
  readonly waitingForSaga: number;
  readonly oldestPendingSeconds: number;
  /** Cancellations that no saga worker has handed on. */
  readonly cancelling: number;
  readonly needsAttention: number;
  /** Events of the journal that are in no stream yet. */
  readonly unpublished: number;
  readonly oldestUnpublishedSeconds: number;
  /** Notifications of the payment provider that are not dealt with yet. */
  readonly unsettledWebhooks: number;
  /** Since a saga worker last spoke with Temporal; null when none ever has. */
  readonly sagaWorkerSeenSeconds: number | null;
  /** How long the oldest task waits in Temporal's queue. */
  readonly taskQueueSeconds: number;
}

/** Reads how the orchestrated side stands; by partial indexes, whatever the number of orders. */
export async function readOrdersNow(db: Database): Promise<OrdersNow> {
  const { rows } = await sql<OrdersNow>`
    select
      pending.count as pending, pending.waiting as "waitingForSaga",
      coalesce(pending.age, 0)::float8 as "oldestPendingSeconds",
      (select count(*) from orders.orders
        where cancel_requested_at is not null and cancel_relayed_at is null) as cancelling,
      (select count(*) from orders.orders where needs_attention <> '{}') as "needsAttention",
      unpublished.count as unpublished,
      coalesce(unpublished.age, 0)::float8 as "oldestUnpublishedSeconds",
      (select count(*) from payments.webhook_events where settled_at is null)
        as "unsettledWebhooks",
      queue.seen::float8 as "sagaWorkerSeenSeconds",
      coalesce(queue.oldest, 0)::float8 as "taskQueueSeconds"
    from
      (select count(*), count(*) filter (where saga_started_at is null) as waiting,
              extract(epoch from now() - min(created_at)) as age
       from (select created_at, saga_started_at from orders.orders
             where status = 'pending' order by created_at limit ${MAX_COUNTED}) as counted
      ) as pending,
      (select count(*), extract(epoch from now() - min(recorded_at)) as age
       from (select recorded_at from orders.journal
             where event_id is not null and stream_id is null
             order by journal_id limit ${MAX_COUNTED}) as counted
      ) as unpublished,
      (select extract(epoch from now() - max(seen_at)) as seen, max(oldest_seconds) as oldest
       from orders.task_queue_backlog) as queue`.execute(db);
  return rows[0]!;
}

/** An order in a list for operators. */
export interface LatestOrder {
  readonly orderId: string;
  readonly tenant: string;
  readonly status: OrderStatus;
  readonly outcomeCode: string | null;
  readonly needsAttention: string[];
  readonly totalMinor: number;
  readonly currency: string;
  readonly createdAt: Date;
}

/** The newest orders of all tenants: their ids are sorted as they were placed. */
export async function readLatestOrders(db: Database, limit: number): Promise<LatestOrder[]> {
  const { rows } = await sql<LatestOrder>`
    select order_id as "orderId", tenant, status, outcome_code as "outcomeCode",
      needs_attention as "needsAttention", total_minor as "totalMinor", currency,
      created_at as "createdAt"
    from orders.orders order by order_id desc limit ${limit}`.execute(db);
  return rows;
}

/** What happened to orders in some seconds. */
export interface SeriesPoint {
  /** Its beginning, in seconds since 1970. */
  readonly at: number;
  readonly placed: number;
  readonly confirmed: number;
  readonly rejected: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Of the confirmed orders, in the currency that most of them had. */
  readonly revenueMinor: number;
  readonly currency: string | null;
  /** From the request to the confirmation; null when none was confirmed. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/**
 * What happened between two multiples of `widthSeconds`, in seconds since 1970, in points of that
 * width, the oldest first; a point without anything is left out.
 */
export async function readSeries(
  db: Database,
  {
    fromSeconds,
    toSeconds,
    widthSeconds,
  }: { fromSeconds: number; toSeconds: number; widthSeconds: number },
): Promise<SeriesPoint[]> {
  const { rows } = await sql<SeriesPoint>`
    with happened as (
      select name, order_id, recorded_at,
        (floor(extract(epoch from recorded_at) / ${widthSeconds}::integer)
          * ${widthSeconds}::integer)::float8 as at
      from orders.journal
      where recorded_at >= to_timestamp(${fromSeconds}::float8)
        and recorded_at < to_timestamp(${toSeconds}::float8)
        and name in ('OrderPlaced', 'OrderCreated', 'OrderRejected', 'OrderFailed',
                     'OrderCancelled')),
    confirmed as (
      select at, total_minor, currency,
        extract(epoch from recorded_at - created_at) * 1000 as ms
      from happened join orders.orders using (order_id) where name = 'OrderCreated'),
    usual as (select mode() within group (order by currency) as currency from confirmed),
    money as (
      select at, sum(total_minor) filter (where confirmed.currency = usual.currency) as revenue,
        percentile_cont(array[0.5, 0.95]) within group (order by ms) as ms
      from confirmed cross join usual group by at),
    counted as (
      select at, count(*) filter (where name = 'OrderPlaced') as placed,
        count(*) filter (where name = 'OrderCreated') as confirmed,
        count(*) filter (where name = 'OrderRejected') as rejected,
        count(*) filter (where name = 'OrderFailed') as failed,
        count(*) filter (where name = 'OrderCancelled') as cancelled
      from happened group by at)
    select at, placed, confirmed, rejected, failed, cancelled,
      coalesce(revenue, 0)::float8 as "revenueMinor", (select currency from usual) as currency,
      ms[1]::float8 as "p50Ms", ms[2]::float8 as "p95Ms"
    from counted left join money using (at) order by at`.execute(db);
  return rows;
}

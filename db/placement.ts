import { sql } from 'kysely';
import type { PricedLine } from '../domain/pricing';
import type { Database } from './database';
import { isLockTimeout } from './lock-timeout';
import { WORK_CHANNEL, type Work } from './saga-starts';

/** How long an idempotency key is kept: clients retry for hours, not for days. */
const IDEMPOTENCY_KEY_HOURS = 48;

/** An order that is to be placed, priced already. */
export interface NewOrder {
  readonly orderId: string;
  readonly tenant: string;
  readonly customer: { id: string; email: string; name?: string | undefined };
  readonly paymentMethod: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PricedLine[];
  readonly traceparent?: string | undefined;
  /** Of the request that places it. */
  readonly requestId?: string | undefined;
}

/** A caller's key and what it was sent with. */
export interface IdempotentRequest {
  /** Whose key: a tenant, or a customer who calls for himself. */
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** What became of a placement: made now, made before, or the same key with another body. */
export type Placement = { readonly outcome: 'placed'; readonly createdAt: Date } | EarlierPlacement;

/** What a key stands for that was used before. */
export type EarlierPlacement =
  | { readonly outcome: 'replayed'; readonly orderId: string }
  | { readonly outcome: 'key_reused' }
  | { readonly outcome: 'in_progress' };

/**
 * Saves the order as `pending` together with its idempotency key, in one statement, and wakes the
 * saga workers. Twins that arrive at once wait for the first and are told that it was made before.
 */
export async function placeOrder(
  db: Database,
  request: IdempotentRequest,
  order: NewOrder,
): Promise<Placement> {
  try {
    const createdAt = await insertOrder(db, request, order);
    if (createdAt) return { outcome: 'placed', createdAt };
    // Claimed by another statement that was taken back since: the client may try again.
    return (await findPlacement(db, request)) ?? { outcome: 'in_progress' };
  } catch (error) {
    if (isLockTimeout(error)) return { outcome: 'in_progress' };
    throw error;
  }
}

/** What the key stands for already, if it does. */
export async function findPlacement(
  db: Database,
  { caller, key, bodyHash }: IdempotentRequest,
): Promise<EarlierPlacement | undefined> {
  const kept = await db
    .selectFrom('orders.idempotency_keys')
    .select(['order_id', 'body_hash'])
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!kept) return undefined;
  if (kept.body_hash !== bodyHash) return { outcome: 'key_reused' };
  return { outcome: 'replayed', orderId: kept.order_id };
}

/** When the order was saved, or undefined when its key was taken. */
async function insertOrder(
  db: Database,
  { caller, key, bodyHash }: IdempotentRequest,
  order: NewOrder,
): Promise<Date | undefined> {
  const { customer } = order;
  const { rows } = await sql<{ createdAt: Date }>`
    with key as (
      insert into orders.idempotency_keys (caller, key, body_hash, order_id, expires_at)
      values (${caller}, ${key}, ${bodyHash}, ${order.orderId},
              now() + make_interval(hours => ${IDEMPOTENCY_KEY_HOURS}))
      on conflict do nothing returning order_id),
    placed as (
      insert into orders.orders (
        order_id, tenant, customer_id, customer_email, customer_name, payment_method, currency,
        total_minor, traceparent, request_id, journal_sequence)
      select order_id, ${order.tenant}, ${customer.id}, ${customer.email}, ${customer.name ?? null},
             ${order.paymentMethod}, ${order.currency}, ${order.totalMinor}::bigint,
             ${order.traceparent ?? null}, ${order.requestId ?? null}, 1 from key
      returning order_id, created_at),
    lines as (
      insert into orders.order_lines (order_id, line_number, sku, quantity, unit_price_minor)
      select order_id, line_number, sku, quantity, "unitPriceMinor"
      from placed, rows from (
        jsonb_to_recordset(${JSON.stringify(order.lines)}::jsonb)
          as (sku text, quantity integer, "unitPriceMinor" bigint)
      ) with ordinality as line (sku, quantity, "unitPriceMinor", line_number)),
    entry as (
      insert into orders.journal (order_id, sequence, name)
      select order_id, 1, 'OrderPlaced' from placed),
    told as materialized (select pg_notify(${WORK_CHANNEL}, ${'order' satisfies Work}) from placed)
    select created_at as "createdAt" from placed, told`.execute(db);
  return rows[0]?.createdAt;
}

/**
 * Keeps `answer` as what everyone with this key is told about the outcome, unless one is kept
 * already; returns the kept one.
 */
export async function keepOutcomeAnswer(
  db: Database,
  { caller, key }: Pick<IdempotentRequest, 'caller' | 'key'>,
  answer: object,
): Promise<object> {
  const row = await db
    .updateTable('orders.idempotency_keys')
    .set({ outcome_answer: sql`coalesce(outcome_answer, ${JSON.stringify(answer)}::json)` })
    .where('caller', '=', caller)
    .where('key', '=', key)
    .returning('outcome_answer')
    .executeTakeFirst();
  return row?.outcome_answer ?? answer;
}

/** Forgets keys that are past their time, at most `limit` at once; returns how many. */
export async function forgetExpiredKeys(db: Database, limit: number): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('orders.idempotency_keys')
    .where(
      sql<boolean>`(caller, key) in (
        select caller, key from orders.idempotency_keys where expires_at < now() limit ${limit})`,
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

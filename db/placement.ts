import { sql } from 'kysely';
import type { PricedLine } from '../domain/pricing';
import type { Database, DatabaseTransaction } from './database';
import { recordChange } from './journal';

/** How long an idempotency key is kept: clients retry for hours, not for days. */
const IDEMPOTENCY_KEY_HOURS = 48;

/** PostgreSQL's SQLSTATE for a lock that was not had within lock_timeout. */
const LOCK_NOT_AVAILABLE = '55P03';

/** An order that is to be placed, priced already. */
export interface NewOrder {
  readonly orderId: string;
  readonly caller: string;
  readonly customer: { id: string; email: string; name?: string | undefined };
  readonly paymentMethod: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly lines: readonly PricedLine[];
  readonly traceparent?: string | undefined;
}

/** A caller's key and what it was sent with. */
export interface IdempotentRequest {
  readonly caller: string;
  readonly key: string;
  readonly bodyHash: string;
}

/** What an idempotency key stands for. */
interface KeptAnswer {
  readonly orderId: string;
  readonly bodyHash: string;
  readonly accepted: object;
}

/** What became of a placement: made now, made before, or the same key with another body. */
export type Placement =
  | { readonly outcome: 'placed'; readonly answer: object }
  | { readonly outcome: 'replayed'; readonly orderId: string; readonly answer: object }
  | { readonly outcome: 'key_reused' }
  | { readonly outcome: 'in_progress' };

/**
 * Saves the order as `pending` together with its idempotency key and the answer, in one
 * transaction. Twins that arrive at once wait for the first and are given its answer.
 */
export async function placeOrder(
  db: Database,
  request: IdempotentRequest,
  order: NewOrder,
  answerOf: (createdAt: Date) => object,
): Promise<Placement> {
  try {
    return await db.transaction().execute(async (tx): Promise<Placement> => {
      const createdAt = await claimKey(tx, request, order.orderId);
      if (!createdAt) return replay(await findKeptAnswer(tx, request), request);
      await insertOrder(tx, order);
      const answer = answerOf(createdAt);
      await keepAcceptedAnswer(tx, request, answer);
      return { outcome: 'placed', answer };
    });
  } catch (error) {
    if (isLockTimeout(error)) return { outcome: 'in_progress' };
    throw error;
  }
}

/** What the key stands for already, if it does: asked before the body is priced. */
export async function findPlacement(
  db: Database,
  request: IdempotentRequest,
): Promise<Placement | undefined> {
  const kept = await findKeptAnswer(db, request);
  return kept && replay(kept, request);
}

function replay(kept: KeptAnswer | undefined, request: IdempotentRequest): Placement {
  // Claimed by another transaction that took its claim back since: the client may try again.
  if (!kept) return { outcome: 'in_progress' };
  if (kept.bodyHash !== request.bodyHash) return { outcome: 'key_reused' };
  return { outcome: 'replayed', orderId: kept.orderId, answer: kept.accepted };
}

async function claimKey(
  tx: DatabaseTransaction,
  { caller, key, bodyHash }: IdempotentRequest,
  orderId: string,
): Promise<Date | undefined> {
  const claimed = await tx
    .insertInto('orders.idempotency_keys')
    .values({
      caller,
      key,
      body_hash: bodyHash,
      order_id: orderId,
      expires_at: sql`now() + make_interval(hours => ${IDEMPOTENCY_KEY_HOURS})`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('created_at')
    .executeTakeFirst();
  return claimed?.created_at;
}

async function findKeptAnswer(
  db: Database | DatabaseTransaction,
  { caller, key }: IdempotentRequest,
): Promise<KeptAnswer | undefined> {
  const row = await db
    .selectFrom('orders.idempotency_keys')
    .select(['order_id', 'body_hash', 'accepted_answer'])
    .where('caller', '=', caller)
    .where('key', '=', key)
    .executeTakeFirst();
  return row && { orderId: row.order_id, bodyHash: row.body_hash, accepted: row.accepted_answer! };
}

async function insertOrder(tx: DatabaseTransaction, order: NewOrder): Promise<void> {
  await tx
    .insertInto('orders.orders')
    .values({
      order_id: order.orderId,
      caller: order.caller,
      customer_id: order.customer.id,
      customer_email: order.customer.email,
      customer_name: order.customer.name ?? null,
      payment_method: order.paymentMethod,
      currency: order.currency,
      total_minor: order.totalMinor,
      traceparent: order.traceparent ?? null,
    })
    .execute();
  await tx
    .insertInto('orders.order_lines')
    .values(
      order.lines.map((line, index) => ({
        order_id: order.orderId,
        line_number: index + 1,
        sku: line.sku,
        quantity: line.quantity,
        unit_price_minor: line.unitPriceMinor,
      })),
    )
    .execute();
  await recordChange(tx, order.orderId, 'OrderPlaced');
}

async function keepAcceptedAnswer(
  tx: DatabaseTransaction,
  { caller, key }: IdempotentRequest,
  answer: object,
): Promise<void> {
  await tx
    .updateTable('orders.idempotency_keys')
    .set({ accepted_answer: JSON.stringify(answer) })
    .where('caller', '=', caller)
    .where('key', '=', key)
    .execute();
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

function isLockTimeout(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === LOCK_NOT_AVAILABLE;
}

import { sql } from 'kysely';
import type { Database, DatabaseTransaction } from './database';
import { isLockTimeout } from './lock-timeout';
import type { IdempotentRequest } from './placement';

/** No shelf has more; further down it would not fit its column. */
const MAX_ON_HAND = 1_000_000_000;

/** What is on the shelf, and how much of it is promised to orders under way. */
export interface Stock {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
}

/** More or less than before, or as many as were counted. */
type WantedStock =
  | { readonly kind: 'adjust'; readonly delta: number }
  | { readonly kind: 'set'; readonly onHand: number };

/** A change that is to be made, and why. */
export interface NewStockChange {
  readonly sku: string;
  readonly wanted: WantedStock;
  readonly reason: string;
  readonly by: string;
}

/** A change as it was made. */
export interface StockChange {
  readonly id: number;
  readonly sku: string;
  readonly kind: 'adjust' | 'set';
  readonly delta: number;
  /** What was on the shelf then. */
  readonly onHand: number;
  readonly reason: string;
  readonly by: string;
  readonly recordedAt: Date;
}

/** What became of a wish to change stock. */
export type StockChanging =
  | { readonly outcome: 'changed' | 'replayed'; readonly change: StockChange }
  | { readonly outcome: 'key_reused' | 'in_progress' | 'unknown' | 'too_much' }
  | { readonly outcome: 'too_little'; readonly stock: Stock };

const COLUMNS = sql`
  change_id as id, sku, kind, delta, on_hand as "onHand", reason, changed_by as by,
  recorded_at as "recordedAt"`;

/**
 * Changes what is on the shelf and writes down who and why, once a key; the same again is told what
 * was done. Never below what is reserved. `in_progress`: another holds the key, or the shelf, too long.
 */
export async function changeStock(
  db: Database,
  request: IdempotentRequest,
  change: NewStockChange,
): Promise<StockChanging> {
  try {
    return await changeOnce(db, request, change);
  } catch (error) {
    if (isLockTimeout(error)) return { outcome: 'in_progress' };
    throw error;
  }
}

async function changeOnce(
  db: Database,
  request: IdempotentRequest,
  { sku, wanted, reason, by }: NewStockChange,
): Promise<StockChanging> {
  return db.transaction().execute(async (tx) => {
    // Twins wait here, whatever SKU they name: the key is the caller's, not the product's.
    const lock = `stock ${request.caller} ${request.key}`;
    await sql`select pg_advisory_xact_lock(hashtextextended(${lock}, 0))`.execute(tx);
    const before = await findKept(tx, request);
    if (before) return before;
    const { rows } = await sql<Stock>`
      select sku, on_hand as "onHand", reserved from inventory.stock
      where sku = ${sku} for update`.execute(tx);
    const [stock] = rows;
    if (!stock) return { outcome: 'unknown' };
    const onHand = wanted.kind === 'set' ? wanted.onHand : stock.onHand + wanted.delta;
    if (onHand > MAX_ON_HAND) return { outcome: 'too_much' };
    if (onHand < stock.reserved) return { outcome: 'too_little', stock };
    await sql`update inventory.stock set on_hand = ${onHand} where sku = ${sku}`.execute(tx);
    const made = await sql<StockChange>`
      insert into inventory.stock_changes
        (sku, kind, delta, on_hand, reason, changed_by, caller, key, body_hash)
      values (${sku}, ${wanted.kind}, ${onHand - stock.onHand}, ${onHand}, ${reason}, ${by},
              ${request.caller}, ${request.key}, ${request.bodyHash})
      returning ${COLUMNS}`.execute(tx);
    return { outcome: 'changed', change: made.rows[0]! };
  });
}

async function findKept(
  tx: DatabaseTransaction,
  { caller, key, bodyHash }: IdempotentRequest,
): Promise<StockChanging | undefined> {
  const { rows } = await sql<StockChange & { hash: string }>`
    select ${COLUMNS}, body_hash as hash from inventory.stock_changes
    where caller = ${caller} and key = ${key}`.execute(tx);
  if (!rows[0]) return undefined;
  const { hash, ...change } = rows[0];
  return hash === bodyHash ? { outcome: 'replayed', change } : { outcome: 'key_reused' };
}

/** What is on the shelf of a product; undefined without it. */
export async function findStock(db: Database, sku: string): Promise<Stock | undefined> {
  const { rows } = await sql<Stock>`
    select sku, on_hand as "onHand", reserved from inventory.stock where sku = ${sku}`.execute(db);
  return rows[0];
}

/** The changes of a product's stock, the latest first; before an id, to page on. */
export async function listStockChanges(
  db: Database,
  { sku, before, limit }: { sku: string; before?: number | undefined; limit: number },
): Promise<StockChange[]> {
  const { rows } = await sql<StockChange>`
    select ${COLUMNS} from inventory.stock_changes
    where sku = ${sku} and (${before ?? null}::bigint is null or change_id < ${before ?? null})
    order by change_id desc limit ${limit}`.execute(db);
  return rows;
}

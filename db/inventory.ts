import { sql } from 'kysely';
import { aggregateLines, type RequestedLine } from '../domain/pricing';
import type { Database, DatabaseTransaction } from './database';
import type { HoldState } from './schema';

/** A SKU of which there is too little. */
export interface Shortage {
  readonly sku: string;
  readonly wanted: number;
  readonly available: number;
}

/** What became of a wish to reserve. */
export type Reservation =
  | { readonly outcome: 'reserved' }
  | { readonly outcome: 'short'; readonly shortages: Shortage[] }
  | { readonly outcome: 'released' };

/**
 * Reserves all lines or none, once an order. `short` leaves no trace; `released` says that the
 * order's hold was released before (a tombstone), so nothing may be reserved for it any more.
 */
export async function reserveStock(
  db: Database,
  orderId: string,
  lines: readonly RequestedLine[],
): Promise<Reservation> {
  try {
    return await db.transaction().execute(async (tx) => {
      const before = await insertHold(tx, orderId, 'held');
      if (before) return { outcome: before === 'released' ? 'released' : 'reserved' };
      const shortages = await takeStock(tx, orderId, aggregateLines(lines));
      if (shortages.length > 0) throw new ShortOfStock(shortages);
      return { outcome: 'reserved' };
    });
  } catch (error) {
    if (error instanceof ShortOfStock) return { outcome: 'short', shortages: error.shortages };
    throw error;
  }
}

/** Thrown inside the transaction to take its hold back. */
class ShortOfStock extends Error {
  constructor(readonly shortages: Shortage[]) {
    super('short of stock');
  }
}

/** The state of the hold that is there already, or undefined when this call made it. */
async function insertHold(
  tx: DatabaseTransaction,
  orderId: string,
  state: HoldState,
): Promise<HoldState | undefined> {
  const made = await tx
    .insertInto('inventory.holds')
    .values({
      order_id: orderId,
      state,
      settled_at: state === 'held' ? null : sql<Date>`now()`,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('order_id')
    .executeTakeFirst();
  if (made) return undefined;
  const found = await tx
    .selectFrom('inventory.holds')
    .select('state')
    .where('order_id', '=', orderId)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return found.state;
}

async function takeStock(
  tx: DatabaseTransaction,
  orderId: string,
  lines: readonly RequestedLine[],
): Promise<Shortage[]> {
  const stock = await lockStock(
    tx,
    lines.map((line) => line.sku),
  );
  const shortages = lines.flatMap(({ sku, quantity }): Shortage[] => {
    const available = stock.get(sku) ?? 0;
    return available >= quantity ? [] : [{ sku, wanted: quantity, available }];
  });
  if (shortages.length > 0) return shortages;

  const wanted = JSON.stringify(lines);
  const { numAffectedRows } = await sql`
    update inventory.stock set reserved = reserved + line.quantity
    from jsonb_to_recordset(${wanted}::jsonb) as line (sku text, quantity integer)
    where stock.sku = line.sku and stock.on_hand - stock.reserved >= line.quantity`.execute(tx);
  if (numAffectedRows !== BigInt(lines.length)) throw new Error('stock changed under its lock');
  await tx
    .insertInto('inventory.hold_lines')
    .values(lines.map((line) => ({ order_id: orderId, ...line })))
    .execute();
  return [];
}

/** Locks the rows in the order of their SKUs, so that no two orders wait for each other in a ring. */
async function lockStock(
  tx: DatabaseTransaction,
  skus: readonly string[],
): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom('inventory.stock')
    .select(['sku', sql<number>`on_hand - reserved`.as('available')])
    .where('sku', 'in', skus)
    .orderBy('sku')
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.sku, row.available]));
}

/**
 * Gives back what the order holds and leaves a tombstone. Safe to repeat, and where nothing was
 * reserved. False when the hold is committed: then it belongs to a confirmed order, and stays.
 */
export async function releaseStock(db: Database, orderId: string): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const before = await insertHold(tx, orderId, 'released');
    if (before === 'held') await settleHold(tx, orderId, 'released');
    return before !== 'committed';
  });
}

/** Takes the order's held stock off the shelf; false when the order holds nothing any more. */
export async function commitHold(tx: DatabaseTransaction, orderId: string): Promise<boolean> {
  return settleHold(tx, orderId, 'committed');
}

async function settleHold(
  tx: DatabaseTransaction,
  orderId: string,
  state: 'committed' | 'released',
): Promise<boolean> {
  const settled = await tx
    .updateTable('inventory.holds')
    .set({ state, settled_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where('state', '=', 'held')
    .returning('order_id')
    .executeTakeFirst();
  if (!settled) return false;
  const skus = await tx
    .selectFrom('inventory.hold_lines')
    .select('sku')
    .where('order_id', '=', orderId)
    .execute();
  await lockStock(
    tx,
    skus.map((row) => row.sku),
  );
  const taken = state === 'committed' ? sql`line.quantity` : sql`0`;
  await sql`
    update inventory.stock
    set reserved = reserved - line.quantity, on_hand = on_hand - ${taken}
    from inventory.hold_lines as line
    where line.order_id = ${orderId} and stock.sku = line.sku`.execute(tx);
  return true;
}

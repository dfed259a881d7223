import { sql } from 'kysely';
import { aggregateLines, type RequestedLine } from '../domain/pricing';
import type { Database } from './database';
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
  const { made, shortages } = await tryToReserve(db, orderId, aggregateLines(lines));
  if (made) return { outcome: 'reserved' };
  // Made before, by this attempt's twin perhaps, which this statement did not see yet.
  const state = await findHoldState(db, orderId);
  if (state) return { outcome: isGone(state) ? 'released' : 'reserved' };
  if (shortages.length > 0) return { outcome: 'short', shortages };
  throw new Error(`the hold of ${orderId} was neither made nor found`);
}

/** One statement, because every round trip is a part of what an order costs. */
async function tryToReserve(
  db: Database,
  orderId: string,
  lines: readonly RequestedLine[],
): Promise<{ made: boolean; shortages: Shortage[] }> {
  const { rows } = await sql<{ made: boolean; shortages: Shortage[] }>`
    with wanted as materialized (
      select sku, quantity
      from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb) as line (sku text, quantity integer)),
    -- in the order of their SKUs, so that no two orders wait for each other in a ring
    locked as materialized (
      select sku, on_hand - reserved as available from inventory.stock
      where sku in (select sku from wanted) order by sku for update),
    short as materialized (
      select sku, quantity as wanted, coalesce(available, 0) as available
      from wanted left join locked using (sku) where coalesce(available, 0) < quantity),
    hold as (
      insert into inventory.holds (order_id, state)
      select ${orderId}, 'held' where not exists (select from short)
      on conflict do nothing returning order_id),
    held as (
      insert into inventory.hold_lines (order_id, sku, quantity)
      select order_id, sku, quantity from hold, wanted),
    taken as (
      update inventory.stock set reserved = reserved + quantity
      from wanted, hold where stock.sku = wanted.sku)
    select exists (select from hold) as made,
           coalesce((select jsonb_agg(short) from short), '[]') as shortages`.execute(db);
  return rows[0]!;
}

async function findHoldState(db: Database, orderId: string): Promise<HoldState | undefined> {
  const found = await db
    .selectFrom('inventory.holds')
    .select('state')
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return found?.state;
}

function isGone(state: HoldState): boolean {
  return state === 'released' || state === 'returned';
}

/**
 * Gives back what the order holds and leaves a tombstone. Safe to repeat, and where nothing was
 * reserved. False when the hold is committed: then it belongs to a confirmed order, and stays.
 */
export async function releaseStock(db: Database, orderId: string): Promise<boolean> {
  await db
    .insertInto('inventory.holds')
    .values({ order_id: orderId, state: 'released', settled_at: sql<Date>`now()` })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  await giveBack(db, orderId, { from: 'held', to: 'released' });
  return (await findHoldState(db, orderId)) !== 'committed';
}

/** Puts the stock of a cancelled order back on the shelf. Safe to repeat. */
export async function returnStock(db: Database, orderId: string): Promise<void> {
  await giveBack(db, orderId, { from: 'committed', to: 'returned' });
}

async function giveBack(
  db: Database,
  orderId: string,
  { from, to }: { from: 'held' | 'committed'; to: 'released' | 'returned' },
): Promise<void> {
  const reserved = sql.raw(from === 'held' ? 'quantity' : '0');
  const onHand = sql.raw(from === 'committed' ? 'quantity' : '0');
  await sql`
    with hold as (
      update inventory.holds set state = ${to}, settled_at = now()
      where order_id = ${orderId} and state = ${from} returning order_id),
    locked as materialized (
      select stock.sku, quantity
      from inventory.hold_lines join hold using (order_id) join inventory.stock using (sku)
      order by stock.sku for update of stock)
    update inventory.stock
    set reserved = reserved - ${reserved}, on_hand = on_hand + ${onHand}
    from locked where stock.sku = locked.sku`.execute(db);
}

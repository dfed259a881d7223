import { sql, type Transaction } from 'kysely';

/** What is asked of the inventory for an order. */
export interface Wanted {
  readonly orderId: string;
  readonly sku: string;
  readonly quantity: number;
}

/** `refused`: it was out of stock. `released`: given back, or never to be held. */
export type HoldState = 'held' | 'refused' | 'released';

/** The tables of the inventory. */
export interface InventorySchema {
  stock: { sku: string; on_hand: number };
  holds: { order_id: string; sku: string | null; quantity: number; state: HoldState };
}

/** {@link InventorySchema} in SQL, made in the service's own schema. */
export const INVENTORY_TABLES = `
  create table stock (sku text primary key, on_hand integer not null check (on_hand >= 0));
  create table holds (
    order_id text primary key,
    sku text,
    quantity integer not null,
    state text not null check (state in ('held', 'refused', 'released'))
  );`;

/** Takes the order's goods off the shelf, once; what was released before stays released. */
export async function reserve(
  tx: Transaction<InventorySchema>,
  { orderId, sku, quantity }: Wanted,
): Promise<HoldState> {
  const isNew = await addHold(tx, { order_id: orderId, sku, quantity, state: 'held' });
  if (!isNew) return stateOf(tx, orderId);
  const { numUpdatedRows } = await tx
    .updateTable('stock')
    .set({ on_hand: sql`on_hand - ${quantity}` })
    .where('sku', '=', sku)
    .where('on_hand', '>=', quantity)
    .executeTakeFirst();
  if (numUpdatedRows > 0n) return 'held';
  await tx.updateTable('holds').set({ state: 'refused' }).where('order_id', '=', orderId).execute();
  return 'refused';
}

/** Undo of {@link reserve}: a no-op where nothing is held, and bars one that comes late. */
export async function release(tx: Transaction<InventorySchema>, orderId: string): Promise<void> {
  await addHold(tx, { order_id: orderId, sku: null, quantity: 0, state: 'released' });
  const released = await tx
    .updateTable('holds')
    .set({ state: 'released' })
    .where('order_id', '=', orderId)
    .where('state', '=', 'held')
    .returning(['sku', 'quantity'])
    .executeTakeFirst();
  if (!released) return;
  await tx
    .updateTable('stock')
    .set({ on_hand: sql`on_hand + ${released.quantity}` })
    .where('sku', '=', released.sku)
    .execute();
}

async function addHold(
  tx: Transaction<InventorySchema>,
  hold: InventorySchema['holds'],
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('holds')
    .values(hold)
    .onConflict((conflict) => conflict.column('order_id').doNothing())
    .executeTakeFirst();
  return numInsertedOrUpdatedRows === 1n;
}

async function stateOf(tx: Transaction<InventorySchema>, orderId: string): Promise<HoldState> {
  const hold = tx.selectFrom('holds').select('state').where('order_id', '=', orderId);
  return (await hold.executeTakeFirstOrThrow()).state;
}

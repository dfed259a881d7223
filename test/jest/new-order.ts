import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../db/database';
import { reserveStock } from '../../db/inventory';
import { placeOrder, type NewOrder } from '../../db/placement';

/** What of a product is on the shelf, and how much of that is reserved. */
export async function stockOf(db: Database, sku: string) {
  return db
    .selectFrom('inventory.stock')
    .select(['on_hand', 'reserved'])
    .where('sku', '=', sku)
    .executeTakeFirstOrThrow();
}

/** Saves a pending order of these lines and returns it. */
export async function savePendingOrder(
  db: Database,
  lines: readonly { sku: string; quantity: number }[],
  more: Partial<NewOrder> = {},
): Promise<NewOrder> {
  const orderId = `ord_${uuidv7()}`;
  const order: NewOrder = {
    orderId,
    tenant: 'test',
    customer: { id: 'cus_test', email: 'test@example.com', name: 'Test' },
    paymentMethod: 'pm_card_visa',
    currency: 'EUR',
    totalMinor: lines.reduce((sum, { quantity }) => sum + quantity * 1_000, 0),
    lines: lines.map((line) => ({ ...line, unitPriceMinor: 1_000 })),
    ...more,
  };
  const identity = { caller: 'test', key: order.orderId, bodyHash: 'hash' };
  await placeOrder(db, identity, order);
  return order;
}

/** The same, with its stock reserved. */
export async function saveReservedOrder(
  db: Database,
  lines: readonly { sku: string; quantity: number }[],
): Promise<NewOrder> {
  const order = await savePendingOrder(db, lines);
  await reserveStock(db, order.orderId, lines);
  return order;
}

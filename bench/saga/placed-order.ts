import type { Database } from '../../db/database';
import { findOrder } from '../../db/orders';
import type { PlacedOrder } from '../../workflows/messages';

/** What every variant is given of an order. */
export type PlacedOrderRow = Omit<PlacedOrder, 'placementDeadlineMs'>;

/** The order as its saga would be given it. */
export async function findPlacedOrder(db: Database, orderId: string): Promise<PlacedOrderRow> {
  const order = await findOrder(db, orderId);
  if (!order) throw new Error(`there is no order ${orderId}`);
  const { lines, totalMinor, currency } = order;
  return {
    orderId,
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    amountMinor: totalMinor,
    currency,
  };
}

import type { Database } from '../db/database';
import { releaseStock, reserveStock, returnStock, type Shortage } from '../db/inventory';
import type { RequestedLine } from '../domain/pricing';
import { REFUSALS } from '../domain/refusals';
import { refuse } from './refuse';

/** The inventory as the saga sees it. */
export function createInventoryActivities({ db }: { db: Database }) {
  return {
    /** Reserves all lines or none. Refuses with `out_of_stock`, or `hold_released` when undone. */
    async reserveStock(order: { orderId: string; lines: RequestedLine[] }): Promise<void> {
      const reservation = await reserveStock(db, order.orderId, order.lines);
      if (reservation.outcome === 'short') {
        throw refuse(REFUSALS.outOfStock, describe(reservation.shortages), reservation.shortages);
      }
      if (reservation.outcome === 'released') {
        throw refuse(REFUSALS.holdReleased, 'the stock of this order was released before');
      }
    },

    /** Undo of {@link reserveStock}: a no-op where nothing is held, and bars a late reserve. */
    async releaseStock({ orderId }: { orderId: string }): Promise<void> {
      if (await releaseStock(db, orderId)) return;
      throw refuse(REFUSALS.orderEnded, 'the stock belongs to a confirmed order');
    },

    /** Puts the stock of a cancelled order back on the shelf. */
    async returnStock({ orderId }: { orderId: string }): Promise<void> {
      await returnStock(db, orderId);
    },
  };
}

function describe(shortages: readonly Shortage[]): string {
  return shortages
    .map(({ sku, wanted, available }) => `${sku}: ${wanted} wanted, ${available} available`)
    .join('; ');
}

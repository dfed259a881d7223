import type { Database } from '../db/database';
import { stopShipment } from '../db/cancellations';
import { REFUSALS } from '../domain/refusals';
import { refuse } from './refuse';

/** The shipments as the saga that cancels an order sees them. */
export function createShipmentActivities({ db }: { db: Database }) {
  return {
    /**
     * Makes sure that the order is not shipped any more. Refuses with `order_shipped`, or with
     * `order_ended` when there is no confirmed order to be called off.
     */
    async stopShipment({ orderId }: { orderId: string }): Promise<void> {
      switch (await stopShipment(db, orderId)) {
        case 'stopped':
          return;
        case 'shipped':
          throw refuse(REFUSALS.orderShipped, 'the order is on its way to the customer');
        case 'not_confirmed':
          throw refuse(REFUSALS.orderEnded, 'the order is not confirmed');
      }
    },
  };
}

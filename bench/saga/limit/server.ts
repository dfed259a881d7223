import { acceptOrders } from '../accept';
import { openEffects } from '../effects';
import type { PlacedOrderRow } from '../placed-order';

/** The limit: the same steps as plain code. Nothing survives a crash, and nothing is undone. */
async function main(): Promise<void> {
  const { db, activities } = await openEffects();

  await acceptOrders(db, async ({ orderId, lines, amountMinor, currency }: PlacedOrderRow) => {
    await activities.reserveStock({ orderId, lines });
    await activities.authorizePayment({ orderId, amountMinor, currency });
    await activities.publishEvent(await activities.confirmOrder({ orderId }));
    await activities.capturePayment({ orderId });
  });
}

void main();

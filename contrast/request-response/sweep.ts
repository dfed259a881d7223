import { sql, type Kysely } from 'kysely';
import type { OrdersSchema } from '../participants/orders';
import { PLACEMENT_DEADLINE_SECONDS } from '../placement-deadline';
import type { PlaceOrder } from './place-order';

/** How often is looked for orders that nobody goes on with. */
export const SWEEP_MS = 1_000;

/** A request that still works on its order is not disturbed: four calls, each tried three times. */
const SILENT_SECONDS = 30;

const BATCH = 50;

/**
 * Ends what a request has left behind: a process that died, or a service that stayed silent. Who
 * waited for the answer is gone, so that an order which is not confirmed by now is undone.
 */
export async function sweep(db: Kysely<OrdersSchema>, placing: PlaceOrder): Promise<void> {
  const left = await db
    .selectFrom('orders')
    .selectAll()
    .where(
      sql<boolean>`
        status = 'pending' and placed_at < now() - make_interval(secs => ${PLACEMENT_DEADLINE_SECONDS})
        or status = 'undoing' and placed_at < now() - make_interval(secs => ${SILENT_SECONDS})
        or status = 'confirmed' and not is_captured
          and ended_at < now() - make_interval(secs => ${SILENT_SECONDS})`,
    )
    .orderBy('placed_at')
    .limit(BATCH)
    .execute();
  for (const order of left) {
    if (order.status === 'confirmed') await placing.capture(order);
    else await placing.undo(order, order.code ?? 'timed_out');
  }
}

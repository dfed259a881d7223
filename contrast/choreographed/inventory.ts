import { z } from 'zod';
import { defineConsumer, on, type Behaviour } from '../../consumers/runtime/consumer';
import {
  INVENTORY_TABLES,
  release,
  reserve,
  type InventorySchema,
} from '../participants/inventory';
import { OrderExpired, OrderPlaced, PaymentDeclined, StockRefused, StockReserved } from './events';
import { runService } from './run-service';

/** Reserves what was ordered, and gives it back when it hears that nothing comes of it. */
export const inventory = defineConsumer({
  group: 'contrast_inventory',
  settings: z.object({}),
  migrations: { '0001_inventory': INVENTORY_TABLES },
  create: (): Behaviour<InventorySchema> => ({
    reactions: [
      on(OrderPlaced, async ({ data }, { tx, publish }) => {
        const state = await reserve(tx, data);
        const said = state === 'held' ? StockReserved : StockRefused;
        await publish(said, { subject: data.orderId, data });
        return { state };
      }),
      on(PaymentDeclined, ({ data }, { tx }) => release(tx, data.orderId)),
      on(OrderExpired, ({ data }, { tx }) => release(tx, data.orderId)),
    ],
  }),
});

if (require.main === module) runService(inventory);

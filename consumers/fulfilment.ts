import { z } from 'zod';
import { tenantOf } from '../events/envelope';
import { OrderCancelled, OrderCreated } from '../events/order-events';
import {
  requestShipment,
  SHIPMENTS_TABLE,
  SHIPMENTS_TENANTS,
  stopShipment,
  type FulfilmentSchema,
} from './fulfilment/shipments';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

/**
 * A shipment for each confirmed order. A person ships it (`npm run ops -- shipments ship`), which
 * says `OrderShipped`; the saga that cancels an order stops it first, by `fulfilment.stop_shipment`.
 */
export const consumer = defineConsumer({
  group: 'fulfilment',
  settings: z.object({}),
  batchSize: 50,
  migrations: { '0001_shipments': SHIPMENTS_TABLE, '0002_tenants': SHIPMENTS_TENANTS },
  create: (): Behaviour<FulfilmentSchema> => ({
    reactions: [
      on(OrderCreated, async (event, { tx }) => {
        const { orderId, customerId, sealed } = event.data;
        const ofWhom = { orderId, customerId, tenant: tenantOf(event) };
        return { shipment: await requestShipment(tx, { ...ofWhom, sealed, eventId: event.id }) };
      }),
      // The saga has stopped it already, unless it ran before there were shipments.
      on(OrderCancelled, async ({ data: { orderId } }, { tx }) => ({
        shipment: await stopShipment(tx, orderId),
      })),
    ],
  }),
});

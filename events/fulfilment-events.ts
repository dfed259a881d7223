import { z } from 'zod';
import { defineEvent } from './envelope';

/** A parcel was handed to its carrier: the order cannot be called off any more. */
export const OrderShipped = defineEvent(
  'OrderShipped',
  'shop.order.shipped.v1',
  z.looseObject({
    orderId: z.string().min(1),
    customerId: z.string().min(1),
    carrier: z.string().min(1),
    trackingNumber: z.string().min(1),
    /** How to reach the customer: a JWE, as in OrderCreated. */
    sealed: z.string().min(1),
  }),
);

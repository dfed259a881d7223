import { z } from 'zod';
import { defineEvent } from './envelope';

/** An order looks like fraud. Said again, as another occurrence, when the suspicion grows. */
export const FraudSuspected = defineEvent(
  'FraudSuspected',
  'shop.order.fraud-suspected.v1',
  z.looseObject({
    orderId: z.string().min(1),
    customerId: z.string().min(1),
    /** The sum of what the reasons weigh: 40 is one strong reason. */
    score: z.int().positive(),
    /** `many_orders`, `many_declines`, `unusual_amount`, `card_many_orders`, `card_many_customers`. */
    reasons: z.array(z.string().min(1)).min(1),
    /** Whether the order is to be called off for it. */
    isBlocked: z.boolean(),
  }),
);

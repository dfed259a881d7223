import { z } from 'zod';
import type { WebhookDelivery } from '../../db/webhook-endpoints';
import { momentSchema } from '../contract/moments';

/** Where a delivery can stand. */
export const DELIVERY_STATES = ['pending', 'sending', 'delivered', 'failed'] as const;

/** An entry of the delivery log. */
export const deliverySchema = z
  .strictObject({
    object: z.literal('webhook_delivery'),
    id: z.int().positive(),
    eventId: z.string(),
    eventType: z.string(),
    state: z.enum(DELIVERY_STATES),
    plannedAt: momentSchema,
    nextAttemptAt: momentSchema.nullable(),
    deliveredAt: momentSchema.nullable(),
    attempts: z.array(
      z.strictObject({
        at: momentSchema,
        status: z.int().nullable().describe('What your server answered; null if nothing.'),
        error: z.string().nullable(),
        durationMs: z.int(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

/** A delivery that is due again. */
export const redeliverySchema = z
  .strictObject({
    object: z.literal('webhook_delivery'),
    id: z.int().positive(),
    state: z.literal('pending'),
  })
  .meta({ id: 'WebhookRedelivery' });

/** See {@link deliverySchema}. */
export function deliveryResource(delivery: WebhookDelivery): z.infer<typeof deliverySchema> {
  const { plannedAt, nextAttemptAt, deliveredAt, attempts } = delivery;
  return {
    object: 'webhook_delivery',
    ...delivery,
    plannedAt: plannedAt.toISOString(),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    deliveredAt: deliveredAt?.toISOString() ?? null,
    attempts: attempts.map((one) => ({ ...one, at: new Date(one.at).toISOString() })),
  };
}

import Stripe from 'stripe';
import { z } from 'zod';
import type { Database } from '../../db/database';
import { saveWebhookEvent } from '../../db/webhook-events';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import { rawBody } from '../http/raw-body';

/** Stripe's events are a few kilobytes. */
const MAX_BYTES = 256 * 1024;

/** Stripe's ids have 30 characters or so. */
const MAX_ID_LENGTH = 255;

/** An event that says it is older is a replay (docs.stripe.com/webhooks). */
const TOLERANCE_SECONDS = 300;

/** What the payment provider's webhook needs. */
export interface PaymentWebhookDependencies {
  readonly db: Database;
  /** The endpoint's secrets: two while one replaces the other. None: the endpoint is not there. */
  readonly webhookSecrets: readonly string[];
}

const receiptSchema = z
  .strictObject({
    received: z.literal(true),
    replayed: z.boolean().describe('This event was told before.'),
  })
  .meta({ id: 'PaymentWebhookReceipt' });

/**
 * Keeps what the provider tells us, once an event id, and answers at once; a saga worker compares it
 * with what we know. Forged or old notifications are refused.
 */
export function paymentWebhookOperation({
  db,
  webhookSecrets,
}: PaymentWebhookDependencies): Operation {
  return operation({
    id: 'receivePaymentWebhook',
    method: 'post',
    path: '/webhooks/payments',
    tag: 'provider',
    summary: 'Take a notification of the payment provider',
    scopes: 'public',
    headers: z.object({ 'Stripe-Signature': z.string().describe('Signs the bytes of the body.') }),
    rawBody: z.looseObject({ id: z.string(), type: z.string() }),
    answers: { 200: { about: 'It is kept.', body: receiptSchema } },
    problems: ['webhook-signature-invalid', 'bad-request', 'body-too-large', 'not-found'],
    async handle({ ctx }) {
      if (webhookSecrets.length === 0) throw new Problem('not-found');
      const body = await rawBody(ctx, MAX_BYTES);
      const { id, type, data } = eventIn(
        verified(body, ctx.get('Stripe-Signature'), webhookSecrets),
      );
      const isAboutIntent = type.startsWith('payment_intent.');
      const intentId = isAboutIntent ? (data.object.id ?? null) : null;
      const isNew = await saveWebhookEvent(db, { id, type, intentId });
      return { status: 200, body: { received: true, replayed: !isNew } };
    },
  });
}

/** The signature is checked over the bytes, before anything looks into them. */
function verified(body: Buffer, signature: string, secrets: readonly string[]): Stripe.Event {
  for (const secret of secrets) {
    try {
      return Stripe.webhooks.constructEvent(body, signature, secret, TOLERANCE_SECONDS);
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeSignatureVerificationError)) throw unreadable();
    }
  }
  throw new Problem('webhook-signature-invalid');
}

function unreadable(): Problem {
  return new Problem('bad-request', { detail: 'the body is not an event' });
}

/** What of an event we keep; signed or not, it has to be one. */
const keptText = z
  .string()
  .min(1)
  .max(MAX_ID_LENGTH)
  .regex(/^[^\0]*$/);
const eventSchema = z.looseObject({
  id: keptText,
  type: keptText,
  data: z.looseObject({ object: z.looseObject({ id: keptText.optional() }) }),
});

function eventIn(event: unknown): z.infer<typeof eventSchema> {
  const parsed = eventSchema.safeParse(event);
  if (!parsed.success) throw unreadable();
  return parsed.data;
}

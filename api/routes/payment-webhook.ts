import type Router from '@koa/router';
import Stripe from 'stripe';
import type { Database } from '../../db/database';
import { saveWebhookEvent } from '../../db/webhook-events';
import { Problem } from '../problem';
import { rawBody } from '../raw-body';

/** Stripe's events are a few kilobytes. */
const MAX_BYTES = 256 * 1024;

/** An event that says it is older is a replay (docs.stripe.com/webhooks). */
const TOLERANCE_SECONDS = 300;

/** What the payment provider's webhook needs. */
export interface PaymentWebhookDependencies {
  readonly db: Database;
  /** The endpoint's secrets: two while one replaces the other. None: the endpoint is not there. */
  readonly webhookSecrets: readonly string[];
}

/**
 * `POST /webhooks/payments`: keeps what the provider tells us, once an event id, and answers at
 * once; a saga worker compares it with what we know. Forged or old notifications are refused.
 */
export function paymentWebhookRoutes(
  router: Router,
  { db, webhookSecrets }: PaymentWebhookDependencies,
): void {
  router.post('/webhooks/payments', async (ctx) => {
    if (webhookSecrets.length === 0) throw new Problem('not-found');
    const body = await rawBody(ctx, MAX_BYTES);
    const event = verified(body, ctx.get('Stripe-Signature'), webhookSecrets);
    const isNew = await saveWebhookEvent(db, {
      id: event.id,
      type: event.type,
      intentId: intentIdOf(event),
    });
    ctx.body = { received: true, replayed: !isNew };
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

function intentIdOf({ type, data }: Stripe.Event): string | null {
  const { id } = data.object as { id?: unknown };
  return type.startsWith('payment_intent.') && typeof id === 'string' ? id : null;
}

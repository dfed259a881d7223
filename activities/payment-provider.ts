import Stripe from 'stripe';
import type { Database } from '../db/database';
import { findOrder } from '../db/orders';
import type { Payment, PaymentRequest } from '../db/payments';
import { REFUSALS } from '../domain/refusals';
import { refuse } from './refuse';

/** What the provider's answer to an authorization comes down to. */
export type Authorization =
  | { readonly outcome: 'authorized'; readonly intentId: string }
  | { readonly outcome: 'declined'; readonly intentId: string | null; readonly code: string };

/**
 * Stripe, in the words of the saga. Every key is `<orderId>/<step>`, on every attempt. Throws what
 * the client throws when the outcome is unknown: then the same is asked again.
 */
export function createPaymentProvider(db: Database, stripe: Stripe) {
  return {
    async authorize(request: PaymentRequest): Promise<Authorization> {
      const order = await findOrder(db, request.orderId);
      if (!order) throw refuse(REFUSALS.notFound, 'no such order');
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount: request.amountMinor,
            currency: request.currency.toLowerCase(),
            capture_method: 'manual',
            confirm: true,
            payment_method: order.paymentMethod,
            automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
            metadata: { orderId: request.orderId },
          },
          { idempotencyKey: `${request.orderId}/authorize` },
        );
        checkAmount(intent, request);
        return { outcome: 'authorized', intentId: intent.id };
      } catch (error) {
        return declineOf(error);
      }
    },

    async capture({ orderId, intentId, ...expected }: Payment): Promise<void> {
      const intent = await orUnexpectedIntent(
        stripe.paymentIntents.capture(intentId!, {}, { idempotencyKey: `${orderId}/capture` }),
      );
      if (intent.status !== 'succeeded' || intent.amount_received !== expected.amountMinor) {
        throw refuse(REFUSALS.paymentMismatch, `capture of ${intent.id} ended ${intent.status}`);
      }
    },

    async cancel(orderId: string, intentId: string): Promise<void> {
      const intent = await orUnexpectedIntent(
        stripe.paymentIntents.cancel(
          intentId,
          { cancellation_reason: 'abandoned' },
          { idempotencyKey: `${orderId}/void` },
        ),
      );
      if (intent.status !== 'canceled') {
        throw refuse(REFUSALS.paymentMismatch, `void of ${intent.id} ended ${intent.status}`);
      }
    },
  };
}

/** The intent as it is, when the provider says that it is past what was asked: perhaps long done. */
async function orUnexpectedIntent(
  answer: Promise<Stripe.PaymentIntent>,
): Promise<Stripe.PaymentIntent> {
  try {
    return await answer;
  } catch (error) {
    if (
      error instanceof Stripe.errors.StripeInvalidRequestError &&
      error.code === 'payment_intent_unexpected_state' &&
      error.payment_intent
    ) {
      return error.payment_intent;
    }
    throw error;
  }
}

function checkAmount(intent: Stripe.PaymentIntent, request: PaymentRequest): void {
  const fits =
    intent.status === 'requires_capture' &&
    intent.amount === request.amountMinor &&
    intent.currency === request.currency.toLowerCase();
  if (fits) return;
  throw refuse(REFUSALS.paymentMismatch, `${intent.id} is ${intent.status}, not as asked`);
}

/** The refusal that the provider's error stands for; every other error is thrown on. */
function declineOf(error: unknown): Authorization {
  if (error instanceof Stripe.errors.StripeCardError) {
    const code = error.decline_code ?? error.code ?? 'declined';
    return { outcome: 'declined', intentId: error.payment_intent?.id ?? null, code };
  }
  // A payment method that the provider does not know is the customer's, not a fault of ours.
  if (
    error instanceof Stripe.errors.StripeInvalidRequestError &&
    error.param === 'payment_method'
  ) {
    return { outcome: 'declined', intentId: null, code: 'invalid_payment_method' };
  }
  throw error;
}

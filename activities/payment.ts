import Stripe from 'stripe';
import type { Database } from '../db/database';
import { findOrder } from '../db/orders';
import {
  findPayment,
  openForVoid,
  openPayment,
  recordAuthorized,
  recordCaptured,
  recordDeclined,
  recordVoided,
  type Payment,
  type PaymentRequest,
} from '../db/payments';
import { REFUSALS } from '../domain/refusals';
import type { RecordedEvent } from './orders';
import { refuse } from './refuse';

/** What the provider's answer to an authorization comes down to. */
type Authorization =
  | { readonly outcome: 'authorized'; readonly intentId: string }
  | { readonly outcome: 'declined'; readonly intentId: string | null; readonly code: string };

/** The payment provider as the saga sees it; every key is `<orderId>/<step>`, on every attempt. */
export function createPaymentActivities({ db, stripe }: { db: Database; stripe: Stripe }) {
  const provider = createProvider(db, stripe);

  return {
    /** Puts the amount aside on the customer's card. Refuses with `payment_declined`. */
    async authorizePayment(request: PaymentRequest): Promise<void> {
      const payment = await openPayment(db, request);
      if (payment.state === 'authorized' || payment.state === 'captured') return;
      if (payment.state === 'declined') throw declined(payment.declineCode ?? 'unknown');
      if (payment.state === 'voided') throw voided();

      const answer = await provider.authorize(request);
      if (answer.outcome === 'declined') {
        const { intentId, code: declineCode } = answer;
        await recordDeclined(db, request.orderId, { intentId, declineCode });
        throw declined(declineCode);
      }
      if (await recordAuthorized(db, request.orderId, answer.intentId)) return;
      // An undo came in between, so this money must not stay set aside.
      await provider.cancel(request.orderId, answer.intentId);
      throw voided();
    },

    /**
     * Undo of {@link authorizePayment}, also when nobody knows whether it happened: a no-op where
     * nothing was asked, and bars a late authorization.
     */
    async voidAuthorization(request: PaymentRequest): Promise<void> {
      const payment = await openForVoid(db, request);
      if (payment.state === 'voided') return;
      if (payment.state === 'captured') {
        throw refuse(REFUSALS.orderEnded, 'the payment is captured already');
      }
      const intentId = await findIntent(payment);
      if (intentId) await provider.cancel(request.orderId, intentId);
      await recordVoided(db, request.orderId);
    },

    /** Takes the authorized money and records `PaymentCaptured`. */
    async capturePayment({ orderId }: { orderId: string }): Promise<RecordedEvent> {
      const payment = await findPayment(db, orderId);
      if (payment.state !== 'captured') await provider.capture(payment);
      return { eventId: await recordCaptured(db, orderId) };
    },
  };

  async function findIntent(payment: Payment): Promise<string | null> {
    if (payment.state !== 'authorizing') return payment.intentId;
    // The outcome is unknown. Asking again with the same key tells it and cannot pay twice.
    return (await provider.authorize(payment)).intentId;
  }
}

function createProvider(db: Database, stripe: Stripe) {
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

function declined(declineCode: string) {
  return refuse(REFUSALS.paymentDeclined, `the payment was declined: ${declineCode}`, {
    declineCode,
  });
}

function voided() {
  return refuse(REFUSALS.paymentVoided, 'the payment of this order was voided before');
}

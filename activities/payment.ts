import type Stripe from 'stripe';
import type { Database } from '../db/database';
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
import { createPaymentProvider } from './payment-provider';
import { refuse } from './refuse';

/** The payment as the saga sees it: each step is recorded here and asked of the provider. */
export function createPaymentActivities({ db, stripe }: { db: Database; stripe: Stripe }) {
  const provider = createPaymentProvider(db, stripe);

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

function declined(declineCode: string) {
  return refuse(REFUSALS.paymentDeclined, `the payment was declined: ${declineCode}`, {
    declineCode,
  });
}

function voided() {
  return refuse(REFUSALS.paymentVoided, 'the payment of this order was voided before');
}

import type Stripe from 'stripe';
import {
  findAuthorized,
  findPayment,
  openForVoid,
  openPayment,
  recordAuthorized,
  recordCaptured,
  recordDeclined,
  recordRefunded,
  recordVoided,
  rememberIntent,
  type Payment,
  type PaymentRequest,
} from '../db/payments';
import { REFUSALS } from '../domain/refusals';
import { createPaymentProvider } from './payment-provider';
import { publishRecorded, type Publication, type PublishingDependencies } from './publishing';
import { refuse } from './refuse';

/** The payment as the sagas see it: each step is recorded here and asked of the provider. */
export function createPaymentActivities({
  db,
  redis,
  stripe,
}: PublishingDependencies & { stripe: Stripe }) {
  const provider = createPaymentProvider(stripe);

  return {
    /**
     * Puts the amount aside on the customer's card. Refuses with `payment_declined`, and with
     * `payment_mismatch` when the provider's answer is not what was asked for.
     */
    async authorizePayment(request: PaymentRequest): Promise<void> {
      const payment = await openPayment(db, request);
      if (!payment) throw notFound();
      if (payment.state === 'authorized' || payment.state === 'captured') return;
      if (payment.state === 'declined') throw declined(payment.declineCode ?? 'unknown');
      if (payment.state !== 'authorizing') throw voided();

      const answer = await provider.authorize(payment);
      if (answer.outcome === 'declined') {
        const { intentId, code: declineCode } = answer;
        await recordDeclined(db, request.orderId, { intentId, declineCode });
        throw declined(declineCode);
      }
      const { intent } = answer;
      if (!isAuthorized(intent, payment)) {
        await rememberIntent(db, request.orderId, intent.id);
        throw mismatch(intent, 'authorization');
      }
      if (await recordAuthorized(db, payment, intent.id)) return;
      // An undo came in between, so this money must not stay set aside.
      await setFree(payment, intent.id);
      throw voided();
    },

    /**
     * Undo of {@link authorizePayment}, also when nobody knows whether it happened: a no-op where
     * nothing was asked, and bars a late authorization.
     */
    async voidAuthorization(request: PaymentRequest): Promise<void> {
      const payment = await openForVoid(db, request);
      if (!payment) throw notFound();
      if (payment.state === 'voided') return;
      if (payment.orderStatus === 'confirmed' || payment.state === 'captured') {
        throw refuse(REFUSALS.orderEnded, 'the payment belongs to a confirmed order');
      }
      const intentId = payment.intentId ?? (await findIntent(payment));
      if (intentId) await setFree(payment, intentId);
      await recordVoided(db, request.orderId);
    },

    /**
     * Takes the authorized money, records `PaymentCaptured` and publishes it. Null when the order
     * was called off meanwhile, so that there is nothing to take. Refuses with `payment_mismatch`.
     */
    async capturePayment({ orderId }: { orderId: string }): Promise<Publication | null> {
      const payment = await findAuthorized(db, orderId);
      if (!payment?.intentId) throw notFound();
      if (payment.state === 'authorized') {
        const intent = await provider.capture(payment, payment.intentId);
        // Read again: it may have been called off while the provider answered.
        if (intent.status === 'canceled' && (await isCancelRequested(orderId))) return null;
        if (!isCaptured(intent, payment)) throw mismatch(intent, 'capture');
        const event = await recordCaptured(db, payment, cardFingerprintOf(intent));
        return publishRecorded({ db, redis }, event);
      }
      if (payment.state === 'voided') return null;
      return publishRecorded({ db, redis }, await recordCaptured(db, payment));
    },

    /**
     * Voids what is authorized, refunds what is captured, and records and publishes
     * `PaymentRefunded` for the latter. Null where nothing had been captured.
     */
    async giveMoneyBack({ orderId }: { orderId: string }): Promise<Publication | null> {
      let payment = await findPayment(db, orderId);
      if (!payment?.intentId) throw notFound();
      if (payment.state === 'voided') return null;
      if (payment.state === 'authorized') {
        // Whichever of this and a capture under way the provider carries out first has won.
        const intent = await provider.cancel(orderId, payment.intentId);
        if (intent.status === 'canceled') {
          await recordVoided(db, orderId);
          return null;
        }
        if (!isCaptured(intent, payment)) throw mismatch(intent, 'void');
        await publishRecorded({ db, redis }, await recordCaptured(db, payment));
        payment = (await findPayment(db, orderId))!;
      }
      await provider.refund(orderId, payment.intentId!);
      return publishRecorded({ db, redis }, await recordRefunded(db, payment));
    },
  };

  async function isCancelRequested(orderId: string): Promise<boolean> {
    return (await findPayment(db, orderId))?.isCancelRequested ?? false;
  }

  /** No decline leaves money set aside, and an intent that was never made neither. */
  async function findIntent(payment: Payment): Promise<string | undefined> {
    return payment.state === 'authorizing' ? provider.findUnknown(payment) : undefined;
  }

  /** Nothing of it may stay with us, whatever the provider has done meanwhile. */
  async function setFree({ orderId }: Payment, intentId: string): Promise<void> {
    const intent = await provider.cancel(orderId, intentId);
    if (intent.status === 'canceled') return;
    if (intent.status !== 'succeeded') throw mismatch(intent, 'void');
    await provider.refund(orderId, intentId);
  }
}

function isAuthorized(intent: Stripe.PaymentIntent, payment: Payment): boolean {
  return intent.status === 'requires_capture' && isAsAsked(intent, payment);
}

function isCaptured(intent: Stripe.PaymentIntent, payment: Payment): boolean {
  return (
    intent.status === 'succeeded' &&
    intent.amount_received === payment.amountMinor &&
    isAsAsked(intent, payment)
  );
}

function cardFingerprintOf({ latest_charge }: Stripe.PaymentIntent): string | undefined {
  if (latest_charge === null || typeof latest_charge === 'string') return undefined;
  return latest_charge.payment_method_details?.card?.fingerprint ?? undefined;
}

function isAsAsked(intent: Stripe.PaymentIntent, { amountMinor, currency }: Payment): boolean {
  return intent.amount === amountMinor && intent.currency === currency.toLowerCase();
}

function mismatch({ id, status, amount, currency }: Stripe.PaymentIntent, wanted: string) {
  const found = `${id} is ${status}, ${amount} ${currency}`;
  return refuse(REFUSALS.paymentMismatch, `${wanted}: ${found}, which is not what was asked for`);
}

function declined(declineCode: string) {
  return refuse(REFUSALS.paymentDeclined, `the payment was declined: ${declineCode}`, {
    declineCode,
  });
}

function voided() {
  return refuse(REFUSALS.paymentVoided, 'the payment of this order was voided before');
}

function notFound() {
  return refuse(REFUSALS.notFound, 'there is no such payment');
}

import Stripe from 'stripe';
import type { Payment } from '../db/payments';
import { declineOf, failureOf, unexpectedIntentOf, type Decline } from './payment-errors';

/** The provider forgets idempotency keys after a day: before that, the same key is safe. */
const KEY_LIFETIME_MS = 23 * 60 * 60 * 1000;

/** Two machines' clocks, and the time between writing down and asking. */
const LOOK_UP_MARGIN_SECONDS = 300;

/** As many as the provider lists at once: while the key is known, no more are looked through. */
const LOOK_UP_PAGE = 100;

/** How many of the intents of that time are looked through when nothing else is left. */
const LOOK_UP_LIMIT = 2_000;

/** What the provider's answer to an authorization comes down to. */
export type Authorization =
  | { readonly outcome: 'answered'; readonly intent: Stripe.PaymentIntent }
  | ({ readonly outcome: 'declined' } & Decline);

/**
 * Stripe, in the words of the saga. Every key is `<orderId>/<step>`, on every attempt. Throws what
 * says whether to try again; an attempt whose outcome is unknown is tried with the same key.
 */
export function createPaymentProvider(stripe: Stripe) {
  return {
    async authorize(payment: Payment): Promise<Authorization> {
      const { orderId, amountMinor, currency, paymentMethod } = payment;
      const request: Stripe.PaymentIntentCreateParams = {
        amount: amountMinor,
        currency: currency.toLowerCase(),
        capture_method: 'manual',
        confirm: true,
        payment_method: paymentMethod,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { orderId },
      };
      try {
        const idempotencyKey = `${orderId}/authorize`;
        const intent = await stripe.paymentIntents.create(request, { idempotencyKey });
        return { outcome: 'answered', intent };
      } catch (error) {
        const decline = declineOf(error);
        if (decline) return { outcome: 'declined', ...decline };
        throw failureOf(error);
      }
    },

    /** Captures, and says which card paid; an intent that cannot be captured any more is returned as it is. */
    async capture({ orderId }: Payment, intentId: string): Promise<Stripe.PaymentIntent> {
      const idempotencyKey = `${orderId}/capture`;
      const request = { expand: ['latest_charge'] };
      const captured = stripe.paymentIntents.capture(intentId, request, { idempotencyKey });
      return orAsItIs(
        captured.catch((error: unknown) => {
          // Asked before in other words, by a worker of an earlier version: what came of it counts.
          if (isAskedBefore(error)) return stripe.paymentIntents.retrieve(intentId);
          throw error;
        }),
      );
    },

    /** Cancels under the key `<keyPrefix>/void`; an intent that cannot be cancelled any more is returned as it is. */
    async cancel(keyPrefix: string, intentId: string): Promise<Stripe.PaymentIntent> {
      const idempotencyKey = `${keyPrefix}/void`;
      const reason = { cancellation_reason: 'abandoned' } as const;
      return orAsItIs(stripe.paymentIntents.cancel(intentId, reason, { idempotencyKey }));
    },

    /** Gives back everything that was captured; safe to repeat. */
    async refund(keyPrefix: string, intentId: string): Promise<void> {
      try {
        const idempotencyKey = `${keyPrefix}/refund`;
        const { status } = await stripe.refunds.create(
          { payment_intent: intentId },
          { idempotencyKey },
        );
        if (status === 'failed' || status === 'canceled') throw new Error(`refund ended ${status}`);
      } catch (error) {
        if (isRefundedAlready(error)) return;
        throw failureOf(error);
      }
    },

    async find(intentId: string): Promise<Stripe.PaymentIntent> {
      return orAsItIs(stripe.paymentIntents.retrieve(intentId));
    },

    /**
     * The intent that an authorization of unknown outcome made, or undefined when it made none:
     * looked up first, then asked with the same key, which cannot pay twice.
     */
    async findUnknown(payment: Payment): Promise<string | undefined> {
      // With a key that is forgotten the question would be a second authorization.
      const isForgotten = Date.now() - payment.openedAt.getTime() > KEY_LIFETIME_MS;
      const found = await lookUp(payment, isForgotten ? LOOK_UP_LIMIT : LOOK_UP_PAGE);
      if (found || isForgotten) return found;
      const answer = await this.authorize(payment);
      return answer.outcome === 'answered' ? answer.intent.id : (answer.intentId ?? undefined);
    },
  };

  async function lookUp(
    { orderId, openedAt }: Payment,
    limit: number,
  ): Promise<string | undefined> {
    const openedSeconds = Math.floor(openedAt.getTime() / 1000);
    const created = {
      gte: openedSeconds - LOOK_UP_MARGIN_SECONDS,
      lte: openedSeconds + LOOK_UP_MARGIN_SECONDS,
    };
    try {
      const intents = await stripe.paymentIntents
        .list({ created, limit: LOOK_UP_PAGE })
        .autoPagingToArray({ limit });
      return intents.find(({ metadata }) => metadata['orderId'] === orderId)?.id;
    } catch (error) {
      throw failureOf(error);
    }
  }
}

/** What {@link createPaymentProvider} returns. */
export type PaymentProvider = ReturnType<typeof createPaymentProvider>;

async function orAsItIs(answer: Promise<Stripe.PaymentIntent>): Promise<Stripe.PaymentIntent> {
  try {
    return await answer;
  } catch (error) {
    const intent = unexpectedIntentOf(error);
    if (intent) return intent;
    throw failureOf(error);
  }
}

function isAskedBefore(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeIdempotencyError;
}

function isRefundedAlready(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'charge_already_refunded';
}

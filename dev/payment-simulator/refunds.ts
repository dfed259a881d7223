import { randomBytes } from 'node:crypto';
import type { Intent } from './intent';
import { StripeError } from './stripe-error';

/** The part of Stripe's Refund that we keep. */
export interface Refund {
  readonly id: string;
  readonly object: 'refund';
  readonly amount: number;
  readonly charge: string | null;
  readonly created: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly payment_intent: string;
  readonly reason: null;
  readonly status: 'succeeded';
}

/** Gives everything that was captured back, once. */
export function createRefund(
  intent: Intent,
  refunded: number,
  metadata: Record<string, string>,
): Refund {
  const amount = intent.amount_received - refunded;
  if (intent.status !== 'succeeded') throw StripeError.unexpectedState(intent, 'refunded');
  if (amount <= 0) {
    const message = `Charge ${intent.latest_charge} has already been refunded.`;
    throw StripeError.invalid('charge_already_refunded', 'payment_intent', message);
  }
  return {
    id: `re_${randomBytes(12).toString('hex')}`,
    object: 'refund',
    amount,
    charge: intent.latest_charge,
    created: Math.floor(Date.now() / 1000),
    currency: intent.currency,
    metadata,
    payment_intent: intent.id,
    reason: null,
    status: 'succeeded',
  };
}

import type Stripe from 'stripe';
import type { Database } from '../db/database';
import { noteAttention } from '../db/attention';
import { findPayment, recordVoided, rememberIntent, type Payment } from '../db/payments';
import { createPaymentProvider, type PaymentProvider } from './payment-provider';

/** What comparing one intent with what we know came to. */
export type PaymentFinding =
  | 'in order'
  | 'in flight'
  | 'unknown order'
  | 'late authorization set free'
  | 'late capture refunded'
  | 'authorization is gone: needs a person';

/**
 * Compares the provider's intent, as it is now, with what we know, and repairs what is safe: money
 * that a closed order holds is set free or given back. Safe to repeat, and in any order.
 */
export function createPaymentReconciler({ db, stripe }: { db: Database; stripe: Stripe }) {
  const provider = createPaymentProvider(stripe);

  return async function reconcilePayment(intentId: string): Promise<PaymentFinding> {
    const intent = await provider.find(intentId);
    const payment = await findPayment(db, intent.metadata['orderId'] ?? '');
    if (!payment) return 'unknown order';
    if (isAnother(payment, intent)) return setFree(provider, payment, intent);
    if (isClosed(payment)) {
      const finding = await setFree(provider, payment, intent);
      await recordVoided(db, payment.orderId);
      return finding;
    }
    if (payment.orderStatus === 'pending' || payment.isCancelRequested) {
      // Its saga may never hear of it: then the undo and the reconciler know what to look for.
      await rememberIntent(db, payment.orderId, intent.id);
      return 'in flight';
    }
    if (payment.state === 'authorized' && intent.status === 'canceled') {
      // Once: a person who has decided about it knows.
      await noteAttention(db, payment.orderId, 'look at the payment', 0);
      return 'authorization is gone: needs a person';
    }
    return 'in order';
  };
}

function isClosed({ orderStatus, state }: Payment): boolean {
  if (orderStatus === 'pending' || orderStatus === 'confirmed') return false;
  return state !== 'captured';
}

/** A second intent of the same order, which nobody would ever capture. */
function isAnother({ intentId }: Payment, { id }: Stripe.PaymentIntent): boolean {
  return intentId !== null && intentId !== id;
}

async function setFree(
  provider: PaymentProvider,
  { orderId, state, intentId }: Payment,
  intent: Stripe.PaymentIntent,
): Promise<PaymentFinding> {
  if (intent.status === 'canceled') return 'in order';
  // Another intent of the order must not use up the keys of the order's own.
  const keyPrefix = intentId === null || intentId === intent.id ? orderId : intent.id;
  if (intent.status !== 'succeeded') {
    const { status } = await provider.cancel(keyPrefix, intent.id);
    if (status === 'canceled') return 'late authorization set free';
  }
  if (state === 'refunded' && intentId === intent.id) return 'in order';
  await provider.refund(keyPrefix, intent.id);
  return 'late capture refunded';
}

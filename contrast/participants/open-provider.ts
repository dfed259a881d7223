import { createPaymentProvider, type PaymentProvider } from '../../activities/payment-provider';
import { loadConfig } from '../../platform/config';
import { createStripe } from '../../workers/stripe';

/** The way to the payment provider: the product's own. */
export function openProvider(): PaymentProvider {
  const { STRIPE_API_KEY, STRIPE_API_BASE } = loadConfig('STRIPE_API_KEY', 'STRIPE_API_BASE');
  return createPaymentProvider(createStripe(STRIPE_API_KEY, STRIPE_API_BASE));
}

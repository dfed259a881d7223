import Stripe from 'stripe';
import { failureOf } from '../../activities/payment-errors';
import { createPaymentProvider } from '../../activities/payment-provider';
import type { Payment } from '../../db/payments';

const payment = {
  orderId: 'ord_1',
  amountMinor: 890,
  currency: 'EUR',
  paymentMethod: 'pm_card_visa',
} as Payment;

test('every attempt at a step sends the same key, and it is derived from the order', async () => {
  const keys: string[] = [];
  const note = (_: unknown, options: { idempotencyKey: string }) => {
    keys.push(options.idempotencyKey);
    return Promise.resolve({ id: 'pi_1', status: 'succeeded' });
  };
  const noteOf = (id: unknown, _: unknown, options: { idempotencyKey: string }) =>
    note(id, options);
  const stripe = {
    paymentIntents: { create: note, capture: noteOf, cancel: noteOf },
    refunds: { create: note },
  } as unknown as Stripe;
  const provider = createPaymentProvider(stripe);
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await provider.authorize(payment);
    await provider.capture(payment, 'pi_1');
    await provider.cancel('ord_1', 'pi_1');
    await provider.refund('ord_1', 'pi_1');
  }
  const each = ['ord_1/authorize', 'ord_1/capture', 'ord_1/void', 'ord_1/refund'];
  expect(keys).toEqual([...each, ...each]);
});

test('a capture that an earlier version asked for in other words counts as what came of it', async () => {
  const keyReused = new Stripe.errors.StripeIdempotencyError({ message: 'm' });
  const stripe = {
    paymentIntents: {
      capture: () => Promise.reject(keyReused),
      retrieve: (id: string) => Promise.resolve({ id, status: 'succeeded' }),
    },
  } as unknown as Stripe;
  expect(await createPaymentProvider(stripe).capture(payment, 'pi_1')).toMatchObject({
    ...{ id: 'pi_1', status: 'succeeded' },
  });
});

const { errors } = Stripe;
const raw = (more: object) => ({ type: 'api_error', message: 'm', ...more }) as never;

test.each([
  [
    '429',
    new errors.StripeRateLimitError(raw({ headers: { 'retry-after': '7' } })),
    {
      type: 'provider_rate_limit',
      nonRetryable: false,
      nextRetryDelay: 7_000,
    },
  ],
  [
    '5xx',
    new errors.StripeAPIError(raw({ statusCode: 500 })),
    {
      type: 'provider_outcome_unknown',
      nonRetryable: false,
    },
  ],
  [
    'a broken connection',
    new errors.StripeConnectionError(raw({})),
    {
      type: 'provider_outcome_unknown',
      nonRetryable: false,
    },
  ],
  [
    'a wrong API key',
    new errors.StripeAuthenticationError(raw({ statusCode: 401 })),
    {
      type: 'provider_error',
      nonRetryable: false,
    },
  ],
  [
    'the first request of this key is under way',
    new errors.StripeInvalidRequestError(raw({ statusCode: 409 })),
    {
      type: 'provider_error',
      nonRetryable: false,
    },
  ],
  [
    'a request that is wrong',
    new errors.StripeInvalidRequestError(raw({ statusCode: 400 })),
    {
      type: 'payment_request_refused',
      nonRetryable: true,
    },
  ],
  [
    'a key that was used for something else',
    new errors.StripeIdempotencyError(raw({ statusCode: 400 })),
    {
      type: 'payment_request_refused',
      nonRetryable: true,
    },
  ],
])('%s tells Temporal what to do', (_, error, failure) => {
  expect(failureOf(error)).toMatchObject(failure);
});

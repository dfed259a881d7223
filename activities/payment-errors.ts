import { ApplicationFailure } from '@temporalio/common';
import Stripe from 'stripe';
import { REFUSALS } from '../domain/refusals';
import { refuse } from './refuse';

/** The provider may ask us to wait; longer than this we do not. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** The customer's bank said no, or the payment method is none. */
export interface Decline {
  readonly intentId: string | null;
  readonly code: string;
}

/** The decline that the provider's error stands for, if it is one. */
export function declineOf(error: unknown): Decline | undefined {
  if (error instanceof Stripe.errors.StripeCardError) {
    const code = error.decline_code ?? error.code ?? 'declined';
    return { intentId: error.payment_intent?.id ?? null, code };
  }
  // A payment method that the provider does not know is the customer's, not a fault of ours.
  const isUnknownMethod =
    error instanceof Stripe.errors.StripeInvalidRequestError && error.param === 'payment_method';
  return isUnknownMethod ? { intentId: null, code: 'invalid_payment_method' } : undefined;
}

/** The intent as it is, when the provider refused because it is past what was asked. */
export function unexpectedIntentOf(error: unknown): Stripe.PaymentIntent | undefined {
  if (!(error instanceof Stripe.errors.StripeInvalidRequestError)) return undefined;
  return error.code === 'payment_intent_unexpected_state' ? error.payment_intent : undefined;
}

/**
 * The error that tells Temporal what to do about the provider's: try again later (`Retry-After`
 * honoured), try again because nobody knows whether it happened, or leave it to a person.
 * docs.stripe.com/api/errors
 */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  if (error instanceof Stripe.errors.StripeRateLimitError) return tryLater(error);
  // The same key with other parameters: a bug of ours, which no retry mends.
  if (error instanceof Stripe.errors.StripeIdempotencyError) return neverAgain(error);
  // 409: the first request of this key is still under way.
  const isOurFault = error instanceof Stripe.errors.StripeInvalidRequestError;
  if (isOurFault && error.statusCode !== 409) return neverAgain(error);
  return ApplicationFailure.create({
    type: isKnown(error) ? 'provider_error' : 'provider_outcome_unknown',
    message: `${error.type}: ${error.message}`,
  });
}

/** A key that is wrong or not allowed to do this: the provider has done nothing. */
function isKnown(error: Stripe.errors.StripeError): boolean {
  return (
    error instanceof Stripe.errors.StripeAuthenticationError ||
    error instanceof Stripe.errors.StripePermissionError ||
    error.statusCode === 409
  );
}

function tryLater(error: Stripe.errors.StripeError): ApplicationFailure {
  const seconds = Number(error.headers?.['retry-after']);
  const isGiven = Number.isFinite(seconds) && seconds > 0;
  return ApplicationFailure.create({
    type: 'provider_rate_limit',
    message: 'the payment provider asks us to slow down',
    ...(isGiven ? { nextRetryDelay: Math.min(seconds, MAX_RETRY_AFTER_SECONDS) * 1000 } : {}),
  });
}

function neverAgain(error: Stripe.errors.StripeError): ApplicationFailure {
  return refuse(REFUSALS.paymentRequestRefused, `${error.code ?? error.type}: ${error.message}`);
}

import type { Intent } from './intent';

/** An error as Stripe answers it (docs.stripe.com/api/errors). */
export class StripeError extends Error {
  constructor(
    readonly status: number,
    readonly body: Readonly<Record<string, unknown>>,
    /** The intent that exists all the same: a declined one. */
    readonly intent?: Intent,
  ) {
    super(String(body['message']));
  }

  /** A request that can never succeed. */
  static invalid(code: string, param: string, message: string): StripeError {
    return new StripeError(400, { type: 'invalid_request_error', code, param, message });
  }

  /** There is no such thing. */
  static missing(what: string, id: string): StripeError {
    const message = `No such ${what}: '${id}'`;
    return new StripeError(404, {
      type: 'invalid_request_error',
      code: 'resource_missing',
      param: 'intent',
      message,
    });
  }

  /** The customer's bank said no. */
  static declined(intent: Intent, code: string, declineCode: string): StripeError {
    const body = {
      type: 'card_error',
      code,
      decline_code: declineCode,
      message: 'Your card was declined.',
      payment_intent: intent,
    };
    return new StripeError(402, body, intent);
  }

  /** The intent is past the point where that could be done to it. */
  static unexpectedState(intent: Intent, wanted: string): StripeError {
    return new StripeError(400, {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      message: `This PaymentIntent could not be ${wanted} because its status is ${intent.status}.`,
      payment_intent: intent,
    });
  }

  /** The same key was sent with something else. */
  static keyReused(key: string): StripeError {
    return new StripeError(400, {
      type: 'idempotency_error',
      message: `Keys for idempotent requests can only be used with the same parameters: '${key}'`,
    });
  }
}

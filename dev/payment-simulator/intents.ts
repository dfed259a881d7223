import { createHash, randomBytes } from 'node:crypto';
import type { Intent } from './intent';
import { StripeError } from './stripe-error';
import { findTestCard } from './test-cards';

/** A form as it came: every value is text. */
export type Form = Readonly<Record<string, unknown>>;

/** A new intent, confirmed when the form says so, unless the bank is to decline it. Throws a StripeError as Stripe would answer. */
export function createIntent(form: Form, declineCode?: string): Intent {
  const amount = positiveInteger(form, 'amount');
  const currency = text(form, 'currency');
  if (!/^[a-z]{3}$/.test(currency ?? '')) {
    throw StripeError.invalid('parameter_invalid', 'currency', 'Invalid currency');
  }
  const intent: Intent = {
    id: newId('pi'),
    object: 'payment_intent',
    amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: form['capture_method'] === 'manual' ? 'manual' : 'automatic',
    client_secret: newId('secret'),
    confirmation_method: 'automatic',
    created: seconds(),
    currency: currency!,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    metadata: (form['metadata'] ?? {}) as Record<string, string>,
    payment_method: text(form, 'payment_method') ?? null,
    payment_method_types: ['card'],
    status: text(form, 'payment_method') ? 'requires_confirmation' : 'requires_payment_method',
  };
  return form['confirm'] === 'true' ? confirm(intent, declineCode) : intent;
}

function confirm(intent: Intent, plannedDecline: string | undefined): Intent {
  const card = findTestCard(intent.payment_method ?? '');
  if (!card) {
    const message = `No such PaymentMethod: '${intent.payment_method}'`;
    throw StripeError.invalid('resource_missing', 'payment_method', message);
  }
  if (card.outcome === 'decline' || plannedDecline) {
    const { code, declineCode } =
      card.outcome === 'decline' ? card : { code: 'card_declined', declineCode: plannedDecline! };
    const declined: Intent = {
      ...intent,
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { type: 'card_error', code, decline_code: declineCode },
    };
    throw StripeError.declined(declined, code, declineCode);
  }
  const charged = { ...intent, latest_charge: newId('ch') };
  return intent.capture_method === 'manual'
    ? { ...charged, status: 'requires_capture', amount_capturable: intent.amount }
    : { ...charged, status: 'succeeded', amount_received: intent.amount };
}

/** Takes the authorized money, or the part of it that the form names. */
export function captureIntent(intent: Intent, form: Form): Intent {
  if (intent.status !== 'requires_capture') throw StripeError.unexpectedState(intent, 'captured');
  const amount =
    form['amount_to_capture'] === undefined
      ? intent.amount_capturable
      : positiveInteger(form, 'amount_to_capture');
  if (amount > intent.amount_capturable) {
    throw StripeError.invalid('amount_too_large', 'amount_to_capture', 'More than authorized');
  }
  return { ...intent, status: 'succeeded', amount_capturable: 0, amount_received: amount };
}

/** The intent with its charge in full, when the form asks for that (docs.stripe.com/api/expanding_objects). */
export function withExpanded(intent: Intent, form: Form) {
  const expand = form['expand'] as readonly unknown[] | undefined;
  if (!Array.isArray(expand) || !expand.includes('latest_charge')) return intent;
  const card = { fingerprint: fingerprintOf(intent.payment_method ?? '') };
  const payment_method_details = { type: 'card', card };
  return {
    ...intent,
    latest_charge: { id: intent.latest_charge, object: 'charge', payment_method_details },
  };
}

/** The same for the same card, as Stripe's. */
function fingerprintOf(paymentMethod: string): string {
  return createHash('sha256').update(paymentMethod).digest('base64url').slice(0, 16);
}

/** Gives up an intent; what was authorized is free again. */
export function cancelIntent(intent: Intent, form: Form): Intent {
  if (intent.status === 'succeeded' || intent.status === 'canceled') {
    throw StripeError.unexpectedState(intent, 'canceled');
  }
  return {
    ...intent,
    status: 'canceled',
    amount_capturable: 0,
    canceled_at: seconds(),
    cancellation_reason: text(form, 'cancellation_reason') ?? null,
  };
}

function positiveInteger(form: Form, name: string): number {
  const value = text(form, name);
  if (value === undefined || !/^[1-9]\d{0,7}$/.test(value)) {
    throw StripeError.invalid('parameter_invalid_integer', name, `Invalid integer: ${value}`);
  }
  return Number(value);
}

function text(form: Form, name: string): string | undefined {
  const value = form[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function newId(prefix: string): string {
  return `${prefix}_${randomBytes(12).toString('hex')}`;
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

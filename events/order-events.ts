import { z } from 'zod';
import { defineEvent, type AnyEventContract } from './envelope';

/** CloudEvents `source` of everything the saga's side says. */
export const ORDER_EVENT_SOURCE = '/tandem/orders';

const orderFacts = {
  orderId: z.string().min(1),
  customerId: z.string().min(1),
  /** ISO 4217. */
  currency: z.string().length(3),
  /** Integer minor units of `currency`. */
  totalMinor: z.int().positive(),
};

/** Personal data, readable only with the key: a JWE of {@link CustomerContact}. */
const sealed = z.string().min(1);

/** What {@link sealed} holds when it is opened. */
export const customerContactSchema = z.looseObject({
  email: z.string().min(3),
  name: z.string().optional(),
});

/** How to reach the customer of an order. */
export type CustomerContact = z.infer<typeof customerContactSchema>;

const orderLine = z.looseObject({
  sku: z.string().min(1),
  quantity: z.int().positive(),
  unitPriceMinor: z.int().nonnegative(),
});

/** An order was confirmed: its stock is committed and its payment is authorized. */
export const OrderCreated = defineEvent(
  'OrderCreated',
  'shop.order.created.v1',
  z.looseObject({ ...orderFacts, lines: z.array(orderLine).min(1), sealed }),
);

/** The business said no; `code` says why (`out_of_stock`, `payment_declined`). */
export const OrderRejected = defineEvent(
  'OrderRejected',
  'shop.order.rejected.v1',
  z.looseObject({ ...orderFacts, code: z.string().min(1), sealed }),
);

/** The system could not place the order in time; everything was undone. */
export const OrderFailed = defineEvent(
  'OrderFailed',
  'shop.order.failed.v1',
  z.looseObject({ ...orderFacts, code: z.string().min(1), sealed }),
);

/** The order was called off; everything was undone. */
export const OrderCancelled = defineEvent(
  'OrderCancelled',
  'shop.order.cancelled.v1',
  z.looseObject({ ...orderFacts, code: z.string().min(1), sealed }),
);

/** The money of a confirmed order was taken. */
export const PaymentCaptured = defineEvent(
  'PaymentCaptured',
  'shop.payment.captured.v1',
  z.looseObject({
    ...orderFacts,
    /** The same for the same card, and says nothing else of it (Stripe: card.fingerprint). */
    cardFingerprint: z.string().min(1).optional(),
  }),
);

/** The money of an order that was called off was given back. */
export const PaymentRefunded = defineEvent(
  'PaymentRefunded',
  'shop.payment.refunded.v1',
  z.looseObject(orderFacts),
);

/** Every event the saga's side publishes. */
export const ORDER_EVENTS: readonly AnyEventContract[] = [
  OrderCreated,
  OrderRejected,
  OrderFailed,
  OrderCancelled,
  PaymentCaptured,
  PaymentRefunded,
];

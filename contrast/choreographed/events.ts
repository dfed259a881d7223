import { z } from 'zod';
import { defineEvent } from '../../events/envelope';

/** What every service may need to know of an order: nobody is asked for it later. */
const order = z.looseObject({
  orderId: z.string().min(1),
  email: z.string().min(1),
  sku: z.string().min(1),
  quantity: z.int().positive(),
  amountMinor: z.int().nonnegative(),
  currency: z.string().length(3),
  paymentMethod: z.string().min(1),
});

/** An order as its events tell it. */
export type ToldOrder = z.infer<typeof order>;

/** The customer wants it. */
export const OrderPlaced = defineEvent('OrderPlaced', 'contrast.order.placed.v1', order);
/** The goods are off the shelf. */
export const StockReserved = defineEvent('StockReserved', 'contrast.stock.reserved.v1', order);
/** There were not enough. */
export const StockRefused = defineEvent('StockRefused', 'contrast.stock.refused.v1', order);
/** The money is put aside. */
export const PaymentAuthorized = defineEvent(
  'PaymentAuthorized',
  'contrast.payment.authorized.v1',
  order,
);
/** The bank said no. */
export const PaymentDeclined = defineEvent(
  'PaymentDeclined',
  'contrast.payment.declined.v1',
  order,
);
/** The order stands. */
export const OrderConfirmed = defineEvent('OrderConfirmed', 'contrast.order.confirmed.v1', order);
/** Nobody has heard the end of it in time: who did something for it undoes that. */
export const OrderExpired = defineEvent('OrderExpired', 'contrast.order.expired.v1', order);

/** The shop's own id of a customer. */
export const CUSTOMER_ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

/** Where an order stands as a whole. */
export type OrderStatus = 'pending' | 'confirmed' | 'rejected' | 'cancelled' | 'failed';

/** Where its money stands. */
export type PaymentStatus = 'none' | 'authorized' | 'captured' | 'refunded' | 'voided';

/** Where its parcel stands. */
export type FulfilmentStatus = 'none' | 'requested' | 'shipped' | 'stopped';

/** The ways in which a placement can end without an order that stands. */
export type ClosedStatus = Exclude<OrderStatus, 'pending' | 'confirmed'>;

type Transitions<Status extends string> = Readonly<Record<Status, readonly Status[]>>;

/** Every change of `status` that may happen. The database refuses all others by a trigger. */
export const ORDER_TRANSITIONS: Transitions<OrderStatus> = {
  pending: ['confirmed', 'rejected', 'cancelled', 'failed'],
  confirmed: ['cancelled'],
  rejected: [],
  cancelled: [],
  failed: [],
};

/** Every change of `paymentStatus` that may happen. */
export const PAYMENT_TRANSITIONS: Transitions<PaymentStatus> = {
  none: ['authorized'],
  authorized: ['captured', 'voided'],
  captured: ['refunded'],
  refunded: [],
  voided: [],
};

/** Every change of `fulfilmentStatus` that may happen. */
export const FULFILMENT_TRANSITIONS: Transitions<FulfilmentStatus> = {
  none: ['requested'],
  requested: ['shipped', 'stopped'],
  shipped: [],
  stopped: [],
};

/** Whether the placement is over, one way or the other. */
export function isPlacementOver(status: OrderStatus): boolean {
  return status !== 'pending';
}

import { compensatable, pivot, retriable } from './step';

// The order saga's steps, in their order. The failure matrix finds them here.

export const reserveStock = compensatable(
  'reserve stock',
  'reserveStock',
  retriable('release stock', 'releaseStock'),
);
export const authorizePayment = compensatable(
  'authorize payment',
  'authorizePayment',
  retriable('void authorization', 'voidAuthorization'),
);
export const confirmOrder = pivot('confirm order', 'confirmOrder');
export const publishOrderCreated = retriable('publish OrderCreated', 'publishEvent');
export const capturePayment = retriable('capture payment', 'capturePayment');
export const publishPaymentCaptured = retriable('publish PaymentCaptured', 'publishEvent');

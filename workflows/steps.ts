import type { PlacedOrder } from './messages';
import { always, compensatable, pivot, retriable, type OrderStep } from './step';

const id = ({ orderId }: PlacedOrder) => ({ orderId });
const payment = ({ orderId, amountMinor, currency }: PlacedOrder) => {
  return { orderId, amountMinor, currency };
};

/**
 * How an order is placed, step by step: a line here is a step more. The undo of a step is
 * registered before the step; the pivot has none, and nothing after it is ever undone.
 */
export const ORDER_STEPS: readonly OrderStep[] = [
  compensatable(
    'reserve stock',
    'reserveStock',
    ({ orderId, lines }) => ({ orderId, lines }),
    always('release stock', 'releaseStock'),
  ),
  compensatable(
    'authorize payment',
    'authorizePayment',
    payment,
    always('void authorization', 'voidAuthorization'),
  ),
  pivot('confirm order', 'confirmOrder', id),
  retriable('publish OrderCreated', 'publishEvent', { resultOf: 'confirm order' }),
  retriable('capture payment', 'capturePayment', id),
];

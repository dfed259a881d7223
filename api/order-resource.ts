import type { Order } from '../db/orders';

/** What of an order its resource shows. */
export type OrderView = Pick<
  Order,
  | 'orderId'
  | 'customerId'
  | 'status'
  | 'paymentStatus'
  | 'fulfilmentStatus'
  | 'outcomeCode'
  | 'needsAttention'
  | 'isCancelRequested'
  | 'currency'
  | 'totalMinor'
  | 'lines'
  | 'createdAt'
  | 'updatedAt'
>;

/** An order as the API tells it: an allow-list, without the customer's contact and card. */
export function orderResource(order: OrderView) {
  return {
    id: order.orderId,
    object: 'order',
    status: order.status,
    paymentStatus: order.paymentStatus,
    fulfilmentStatus: order.fulfilmentStatus,
    outcomeCode: order.outcomeCode,
    cancelRequested: order.isCancelRequested,
    needsAttention: order.needsAttention.length > 0,
    customerId: order.customerId,
    currency: order.currency,
    totalMinor: order.totalMinor,
    lines: order.lines,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

/** The order as it was when it was accepted, whatever has become of it since. */
export function acceptedResource(
  order: Pick<
    OrderView,
    'orderId' | 'customerId' | 'currency' | 'totalMinor' | 'lines' | 'createdAt'
  >,
) {
  return orderResource({
    ...order,
    status: 'pending',
    paymentStatus: 'none',
    fulfilmentStatus: 'none',
    outcomeCode: null,
    needsAttention: [],
    isCancelRequested: false,
    updatedAt: order.createdAt,
  });
}

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
    needsAttention: order.needsAttention.length > 0,
    customerId: order.customerId,
    currency: order.currency,
    totalMinor: order.totalMinor,
    lines: order.lines,
    createdAt: order.createdAt.toISOString(),
    updatedAt: order.updatedAt.toISOString(),
  };
}

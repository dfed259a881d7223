import { z } from 'zod';
import type { Order } from '../../db/orders';
import { momentSchema } from '../contract/moments';

/** The states in which an order can be, as the API tells them. */
export const ORDER_STATUSES = ['pending', 'confirmed', 'rejected', 'cancelled', 'failed'] as const;

/** An order's id: it is sorted as the orders were placed. */
export const orderIdSchema = z
  .string()
  .regex(/^ord_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  .meta({ example: 'ord_019ac6f0-0000-7000-8000-000000000000' });

/** An order as the API tells it: an allow-list, without the customer's contact and card. */
export const orderSchema = z
  .strictObject({
    id: orderIdSchema,
    object: z.literal('order'),
    status: z.enum(ORDER_STATUSES),
    paymentStatus: z.enum(['none', 'authorized', 'captured', 'refunded', 'voided']),
    fulfilmentStatus: z.enum(['none', 'requested', 'shipped', 'stopped']),
    outcomeCode: z.string().nullable().describe('Why it was rejected, cancelled or has failed.'),
    cancelRequested: z.boolean().describe('It is being called off.'),
    needsAttention: z.boolean().describe('A person of ours has something to finish.'),
    customerId: z.string(),
    currency: z.string().length(3).describe('ISO 4217.'),
    totalMinor: z.int().positive(),
    lines: z.array(
      z.strictObject({
        sku: z.string(),
        quantity: z.int().positive(),
        unitPriceMinor: z.int().nonnegative(),
      }),
    ),
    createdAt: momentSchema,
    updatedAt: momentSchema,
  })
  .meta({ id: 'Order' });

/** See {@link orderSchema}. */
export type OrderResource = z.infer<typeof orderSchema>;

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

/** The order for its owner. */
export function orderResource(order: OrderView): OrderResource {
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
    lines: [...order.lines],
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
): OrderResource {
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

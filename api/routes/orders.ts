import { z } from 'zod';
import { listOrders } from '../../db/order-list';
import { findOrder } from '../../db/orders';
import { keepOutcomeAnswer } from '../../db/placement';
import { CUSTOMER_ID_PATTERN, isPlacementOver } from '../../domain/order';
import { keyOwner } from '../callers/caller';
import { limitSchema, listSchema, pageOf } from '../contract/lists';
import { givenMomentSchema } from '../contract/moments';
import { operation, type Operation } from '../contract/operation';
import { idempotencyHeaders, preferHeaders } from '../contract/request-headers';
import { Problem } from '../http/problem';
import { idempotencyKey, traceparent } from '../http/request-headers';
import type { Admission } from '../limits/admission';
import { orderRequestSchema } from '../orders/order-request';
import {
  ORDER_STATUSES,
  orderIdSchema,
  orderResource,
  orderSchema,
} from '../orders/order-resource';
import { placeOrder } from '../orders/place-order';
import { orderWithin, type WaitingDependencies } from '../orders/waiting';

/** What placing and reading orders needs. */
export interface OrderDependencies extends WaitingDependencies {
  readonly admission: Admission;
}

/** The path's order. */
export const orderParams = z.object({ id: orderIdSchema });

const listQuery = z.strictObject({
  limit: limitSchema(),
  starting_after: orderIdSchema.optional().describe('Those placed before this order.'),
  status: z.enum(ORDER_STATUSES).optional(),
  customer_id: z.string().regex(CUSTOMER_ID_PATTERN).optional(),
  created_from: givenMomentSchema.optional().describe('Placed at this moment or later.'),
  created_until: givenMomentSchema.optional().describe('Placed before this moment.'),
});

/** What a caller is told of an order that is not there, or is somebody else's. */
export function noSuchOrder(): Problem {
  return new Problem('not-found', { detail: 'there is no such order' });
}

/** Place, read and list. */
export function orderOperations(dependencies: OrderDependencies): Operation[] {
  return [placing(dependencies), reading(dependencies), listing(dependencies)];
}

function placing({ db, outcomes, admission }: OrderDependencies): Operation {
  const headers = {
    Location: 'The path of the order.',
    'Idempotent-Replayed': '`true` when this key was sent with this order before.',
    'Preference-Applied': 'That the answer waited.',
  };
  return operation({
    id: 'placeOrder',
    method: 'post',
    path: '/v1/orders',
    tag: 'orders',
    summary: 'Place an order',
    description:
      'Answered at once, or with `Prefer: wait=N` when the outcome is known. The same key and order again are ' +
      'answered as the first time. A key is kept for 48 hours; a request that was refused keeps none.',
    scopes: ['orders'],
    headers: z.object({ ...idempotencyHeaders, ...preferHeaders }),
    body: orderRequestSchema,
    invalidBody: 'invalid-order',
    answers: {
      201: { about: 'The outcome is known; a rejection is one.', body: orderSchema, headers },
      202: { about: 'Accepted: it will end.', body: orderSchema, headers },
    },
    problems: [
      ...(['idempotency-key-missing', 'idempotency-key-invalid', 'overloaded'] as const),
      ...(['request-in-progress', 'idempotency-key-reused'] as const),
    ],
    async handle({ ctx, caller, body }) {
      const key = idempotencyKey(ctx);
      const requestId = ctx.state['requestId'] as string;
      const request = { caller, key, body, requestId, traceparent: traceparent(ctx) };
      const { orderId, isReplay, accepted } = await placeOrder({ db, admission }, request);
      ctx.state['orderId'] = orderId;
      ctx.set('Location', `/v1/orders/${orderId}`);
      if (isReplay) ctx.set('Idempotent-Replayed', 'true');

      const waiting = { db, outcomes };
      const outcome = await orderWithin(ctx, waiting, { orderId, owner: caller }, (order) =>
        isPlacementOver(order.status),
      );
      if (!outcome) return { status: 202, body: accepted };
      const kept = { caller: keyOwner(caller), key };
      return { status: 201, body: await keepOutcomeAnswer(db, kept, orderResource(outcome)) };
    },
  });
}

function reading({ db }: OrderDependencies): Operation {
  return operation({
    id: 'getOrder',
    method: 'get',
    path: '/v1/orders/{id}',
    tag: 'orders',
    summary: 'Read an order as it stands',
    scopes: ['orders'],
    params: orderParams,
    answers: { 200: { about: 'The order.', body: orderSchema } },
    async handle({ ctx, caller, params }) {
      ctx.state['orderId'] = params.id;
      const order = await findOrder(db, params.id, caller);
      if (!order) throw noSuchOrder();
      return { status: 200, body: orderResource(order) };
    },
  });
}

function listing({ db }: OrderDependencies): Operation {
  return operation({
    id: 'listOrders',
    method: 'get',
    path: '/v1/orders',
    tag: 'orders',
    summary: 'List orders, the latest first',
    scopes: ['orders'],
    query: listQuery,
    answers: { 200: { about: 'A page of orders.', body: listSchema(orderSchema) } },
    async handle({ caller, query }) {
      const { limit, created_from: from, created_until: until } = query;
      const found = await listOrders(db, caller, {
        // One more than asked for tells whether there are more.
        ...{ limit: limit + 1, status: query.status, customerId: query.customer_id },
        ...{ before: query.starting_after, from: asDate(from), until: asDate(until) },
      });
      return { status: 200, body: pageOf(found, limit, orderResource) };
    },
  });
}

function asDate(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

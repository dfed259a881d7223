import { z } from 'zod';
import type { Context } from 'koa';
import { requestCancellation, type CancelRequest } from '../../db/cancellations';
import { findOrder, type Order } from '../../db/orders';
import { operation, type Operation } from '../contract/operation';
import { preferHeaders } from '../contract/request-headers';
import { Problem } from '../http/problem';
import { orderResource, orderSchema } from '../orders/order-resource';
import { orderWithin, type OwnedOrder, type WaitingDependencies } from '../orders/waiting';
import { noSuchOrder, orderParams } from './orders';

/** Safe to repeat, and needs no Temporal to be accepted. */
export function cancelOperation(dependencies: WaitingDependencies): Operation {
  return operation({
    id: 'cancelOrder',
    method: 'post',
    path: '/v1/orders/{id}/cancel',
    tag: 'orders',
    summary: 'Call an order off',
    description:
      'Possible until the parcel leaves. A pending order is undone, a confirmed one refunded. Needs no key: a ' +
      'repeat is answered the same.',
    scopes: ['orders'],
    params: orderParams,
    headers: z.object(preferHeaders),
    answers: {
      200: { about: 'It is cancelled.', body: orderSchema },
      202: { about: 'It is being undone.', body: orderSchema },
    },
    problems: ['order-shipped', 'order-over'],
    async handle({ ctx, caller: owner, params: { id: orderId } }) {
      ctx.state['orderId'] = orderId;
      const request = await requestCancellation(dependencies.db, orderId, owner);
      if (!request) throw noSuchOrder();
      refuseIfTooLate(request);

      const order = await orderAfter(ctx, dependencies, { orderId, owner }, request);
      if (order.status === 'rejected' || order.status === 'failed') throw tooLate(order.status);
      // The parcel left while we waited.
      if (order.fulfilmentStatus === 'shipped') throw new Problem('order-shipped');
      const status = order.status === 'cancelled' ? 200 : 202;
      return { status, body: orderResource(order) };
    },
  });
}

async function orderAfter(
  ctx: Context,
  dependencies: WaitingDependencies,
  owned: OwnedOrder,
  request: CancelRequest,
): Promise<Order> {
  const isOver = ({ isCancelRequested }: Order) => !isCancelRequested;
  const waited =
    request.outcome === 'requested'
      ? await orderWithin(ctx, dependencies, owned, isOver)
      : undefined;
  return waited ?? (await findOrder(dependencies.db, owned.orderId, owned.owner))!;
}

function refuseIfTooLate(request: CancelRequest): void {
  if (request.outcome === 'shipped') throw new Problem('order-shipped');
  if (request.outcome === 'ended') throw tooLate(request.status);
}

function tooLate(status: string): Problem {
  return new Problem('order-over', { detail: `the order is ${status}` });
}

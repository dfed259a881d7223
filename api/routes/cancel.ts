import type Router from '@koa/router';
import type { Context } from 'koa';
import { requestCancellation, type CancelRequest } from '../../db/cancellations';
import { findOrder, type Order } from '../../db/orders';
import { CALLER, noSuchOrder, orderIdOf } from '../caller';
import { orderResource } from '../order-resource';
import { Problem } from '../problem';
import { orderWithin, type WaitingDependencies } from '../waiting';

/**
 * `POST /v1/orders/{id}/cancel`: 202 while the order is being called off, 200 once it is; 409 when
 * it is shipped or has ended another way. Safe to repeat, and needs no Temporal to be accepted.
 */
export function cancelRoutes(router: Router, dependencies: WaitingDependencies): void {
  const { db } = dependencies;

  router.post('/v1/orders/:id/cancel', async (ctx) => {
    const orderId = orderIdOf(ctx);
    const request = await requestCancellation(db, orderId, CALLER);
    if (!request) throw noSuchOrder();
    refuseIfTooLate(request);

    const order = await orderAfter(ctx, orderId, request);
    if (order.status === 'rejected' || order.status === 'failed') throw tooLate(order.status);
    ctx.status = order.status === 'cancelled' ? 200 : 202;
    ctx.body = orderResource(order);
  });

  async function orderAfter(ctx: Context, orderId: string, request: CancelRequest): Promise<Order> {
    const waited =
      request.outcome === 'requested'
        ? await orderWithin(
            ctx,
            dependencies,
            orderId,
            ({ isCancelRequested }) => !isCancelRequested,
          )
        : undefined;
    return waited ?? (await findOrder(db, orderId, CALLER))!;
  }
}

function refuseIfTooLate(request: CancelRequest): void {
  if (request.outcome === 'shipped') throw new Problem('order-shipped');
  if (request.outcome === 'ended') throw tooLate(request.status);
}

function tooLate(status: string): Problem {
  return new Problem('order-over', { detail: `the order is ${status}` });
}

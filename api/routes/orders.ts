import type Router from '@koa/router';
import { findOrder, type Order } from '../../db/orders';
import { keepOutcomeAnswer } from '../../db/placement';
import { isPlacementOver } from '../../domain/order';
import { jsonBody } from '../json-body';
import { orderRequestSchema } from '../order-request';
import { orderResource } from '../order-resource';
import { placeOrder } from '../place-order';
import { idempotencyKey, traceparent } from '../request-headers';
import { validate } from '../validation';
import { CALLER, noSuchOrder, orderIdOf } from '../caller';
import { orderWithin, type WaitingDependencies } from '../waiting';

const isPlaced = ({ status }: Order) => isPlacementOver(status);

/** `POST /v1/orders` and `GET /v1/orders/{id}`. */
export function orderRoutes(router: Router, { db, outcomes }: WaitingDependencies): void {
  router.post('/v1/orders', jsonBody(), async (ctx) => {
    const key = idempotencyKey(ctx);
    const body = validate(orderRequestSchema, ctx.request.body, 'invalid-order');
    const request = { caller: CALLER, key, body, traceparent: traceparent(ctx) };
    const { orderId, isReplay, accepted } = await placeOrder(db, request);

    ctx.state['orderId'] = orderId;
    ctx.set('Location', `/v1/orders/${orderId}`);
    if (isReplay) ctx.set('Idempotent-Replayed', 'true');

    const outcome = await orderWithin(ctx, { db, outcomes }, orderId, isPlaced);
    ctx.status = outcome ? 201 : 202;
    ctx.body = outcome ? await keepOutcomeAnswer(db, request, orderResource(outcome)) : accepted;
  });

  router.get('/v1/orders/:id', async (ctx) => {
    const order = await findOrder(db, orderIdOf(ctx), CALLER);
    if (!order) throw noSuchOrder();
    ctx.body = orderResource(order);
  });
}

import type Router from '@koa/router';
import type { Context } from 'koa';
import type { Database } from '../../db/database';
import { findOrder, type Order } from '../../db/orders';
import { keepOutcomeAnswer } from '../../db/placement';
import { isPlacementOver } from '../../domain/order';
import { jsonBody } from '../json-body';
import { orderRequestSchema } from '../order-request';
import { orderResource } from '../order-resource';
import type { Outcomes } from '../outcomes';
import { placeOrder } from '../place-order';
import { Problem } from '../problem';
import { idempotencyKey, preferredWaitSeconds, traceparent } from '../request-headers';
import { validate } from '../validation';
import type { Watch } from '../watches';

/**
 * Who calls: one caller, until the API knows API keys. Orders and idempotency keys are kept by
 * caller already.
 */
const CALLER = 'shop';

/** An order's id, so that nothing else reaches the database. */
const ORDER_ID = /^ord_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the order routes need. */
export interface OrderRouteDependencies {
  readonly db: Database;
  readonly outcomes: Outcomes;
}

/** `POST /v1/orders` and `GET /v1/orders/{id}`. */
export function orderRoutes(router: Router, { db, outcomes }: OrderRouteDependencies): void {
  router.post('/v1/orders', jsonBody(), async (ctx) => {
    const key = idempotencyKey(ctx);
    const body = validate(orderRequestSchema, ctx.request.body, 'invalid-order');
    const request = { caller: CALLER, key, body, traceparent: traceparent(ctx) };
    const { orderId, isReplay, accepted } = await placeOrder(db, request);

    ctx.state['orderId'] = orderId;
    ctx.set('Location', `/v1/orders/${orderId}`);
    if (isReplay) ctx.set('Idempotent-Replayed', 'true');

    const outcome = await outcomeWithin(ctx, orderId);
    ctx.status = outcome ? 201 : 202;
    ctx.body = outcome ? await keepOutcomeAnswer(db, request, orderResource(outcome)) : accepted;
  });

  router.get('/v1/orders/:id', async (ctx) => {
    const orderId = ctx.params['id'] ?? '';
    const order = ORDER_ID.test(orderId) ? await findOrder(db, orderId, CALLER) : undefined;
    if (!order) throw new Problem('not-found', { detail: 'there is no such order' });
    ctx.state['orderId'] = orderId;
    ctx.body = orderResource(order);
  });

  /** The order, once its placement is over, if the client waits and that is in time. */
  async function outcomeWithin(ctx: Context, orderId: string): Promise<Order | undefined> {
    const seconds = preferredWaitSeconds(ctx);
    if (seconds === 0) return undefined;
    const watch = outcomes.watch(orderId);
    if (!watch) return undefined;
    ctx.res.once('close', () => watch.close());
    ctx.set('Preference-Applied', `wait=${seconds}`);
    try {
      return await untilOver(orderId, watch, seconds * 1000);
    } finally {
      watch.close();
    }
  }

  async function untilOver(
    orderId: string,
    watch: Watch,
    timeoutMs: number,
  ): Promise<Order | undefined> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      const order = await findOrder(db, orderId, CALLER);
      if (order && isPlacementOver(order.status)) return order;
      const leftMs = deadline - performance.now();
      if (leftMs <= 0 || watch.isClosed) return undefined;
      await watch.next(leftMs);
    }
  }
}

import type { Context } from 'koa';
import type { Kysely } from 'kysely';
import { repeat } from '../../platform/repeat';
import { runHttpService } from '../http-service';
import { orderRequest, saveOrder, type Order, type OrdersSchema } from '../participants/orders';
import { PlaceOrder } from './place-order';
import { sweep, SWEEP_MS } from './sweep';

runHttpService<OrdersSchema>('contrast_orders', ({ router, db, lifecycle, logger }) => {
  const placing = new PlaceOrder(db, logger);

  router.post('/v1/orders', async (ctx) => {
    const saved = await saveFrom(ctx, db);
    // Asked again: what did not end then is gone through once more; each service does a thing once.
    const order = saved.status === 'pending' ? await placing.place(saved) : saved;
    ctx.status = order.status === 'undoing' ? 503 : 201;
    ctx.body = { id: order.order_id, status: order.status, code: order.code };
  });

  const task = repeat({ name: 'sweep', intervalMs: SWEEP_MS, logger }, () => sweep(db, placing));
  lifecycle.onStop('sweep', task.stop);
});

async function saveFrom(ctx: Context, db: Kysely<OrdersSchema>): Promise<Order> {
  const request = orderRequest.safeParse(ctx.request.body);
  const key = ctx.get('Idempotency-Key');
  if (!request.success || key === '') return ctx.throw(400, 'no order, or no Idempotency-Key');
  const saved = await saveOrder(db, key, request.data);
  return saved?.order ?? ctx.throw(422, 'there is no such product');
}

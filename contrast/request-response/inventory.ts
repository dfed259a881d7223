import type { Context } from 'koa';
import { runHttpService } from '../http-service';
import { release, reserve, type InventorySchema, type Wanted } from '../participants/inventory';

runHttpService<InventorySchema>('contrast_inventory', ({ router, db }) => {
  router.post('/reserve', async (ctx) => {
    const state = await db.transaction().execute((tx) => reserve(tx, wantedOf(ctx)));
    ctx.body = { state };
  });
  router.post('/release', async (ctx) => {
    await db.transaction().execute((tx) => release(tx, wantedOf(ctx).orderId));
    ctx.body = { state: 'released' };
  });
});

function wantedOf(ctx: Context): Wanted {
  const wanted = ctx.request.body as Partial<Wanted> | undefined;
  if (typeof wanted?.orderId !== 'string' || typeof wanted.sku !== 'string') {
    return ctx.throw(400, 'expected orderId, sku and quantity');
  }
  return wanted as Wanted;
}

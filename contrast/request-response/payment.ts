import type { Context } from 'koa';
import { runHttpService } from '../http-service';
import { openProvider } from '../participants/open-provider';
import { Payments, type Charge, type PaymentSchema } from '../participants/payment';

runHttpService<PaymentSchema>('contrast_payment', ({ router, db }) => {
  const payments = new Payments(openProvider());
  const chargeOf = (ctx: Context) => ctx.request.body as Charge;

  router.post('/authorize', async (ctx) => {
    const charge = chargeOf(ctx);
    ctx.body = { state: await db.transaction().execute((tx) => payments.authorize(tx, charge)) };
  });
  router.post('/capture', async (ctx) => {
    await db.transaction().execute((tx) => payments.capture(tx, chargeOf(ctx)));
    ctx.body = { state: 'captured' };
  });
  router.post('/void', async (ctx) => {
    await db.transaction().execute((tx) => payments.void(tx, chargeOf(ctx)));
    ctx.body = { state: 'voided' };
  });
});

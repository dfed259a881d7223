import type { Context } from 'koa';
import { runHttpService, type ServiceHost } from '../http-service';
import { openProvider } from '../participants/open-provider';
import { Payments, type Charge, type PaymentSchema } from '../participants/payment';

/** A call holds its connection while the provider answers. */
const CONNECTIONS = 40;

runHttpService<PaymentSchema>('contrast_payment', mount, CONNECTIONS);

function mount({ router, db }: ServiceHost<PaymentSchema>): void {
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
}

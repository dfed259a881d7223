import { z } from 'zod';
import { defineConsumer, on, type Behaviour } from '../../consumers/runtime/consumer';
import { openProvider } from '../participants/open-provider';
import { PAYMENT_TABLES, Payments, type PaymentSchema } from '../participants/payment';
import {
  OrderConfirmed,
  OrderExpired,
  PaymentAuthorized,
  PaymentDeclined,
  StockReserved,
} from './events';
import { runService } from './run-service';

/** Authorizes what is reserved, captures what is confirmed, and voids what has expired. */
export const payment = defineConsumer({
  group: 'contrast_payment',
  settings: z.object({}),
  // As many as the payment service that is called has connections: each waits for the provider.
  concurrency: 40,
  migrations: { '0001_payments': PAYMENT_TABLES },
  create: (): Behaviour<PaymentSchema> => {
    const payments = new Payments(openProvider());
    return {
      reactions: [
        on(StockReserved, async ({ data }, { tx, publish }) => {
          const state = await payments.authorize(tx, data);
          const said = state === 'authorized' ? PaymentAuthorized : PaymentDeclined;
          await publish(said, { subject: data.orderId, data });
          return { state };
        }),
        on(OrderConfirmed, ({ data }, { tx }) => payments.capture(tx, data)),
        on(OrderExpired, ({ data }, { tx }) => payments.void(tx, data)),
      ],
    };
  },
});

if (require.main === module) runService(payment);

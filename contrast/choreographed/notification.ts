import { z } from 'zod';
import { defineConsumer, on, type Behaviour } from '../../consumers/runtime/consumer';
import { openMail, sendConfirmation } from '../participants/notification';
import { OrderConfirmed } from './events';
import { runService } from './run-service';

/** Tells the customer. */
export const notification = defineConsumer({
  group: 'contrast_notification',
  settings: z.object({ SMTP_URL: z.string() }),
  migrations: {},
  create: ({ SMTP_URL }): Behaviour<unknown> => {
    const mail = openMail(SMTP_URL);
    return {
      reactions: [on(OrderConfirmed, ({ data }) => sendConfirmation(mail, data))],
      close: () => mail.close(),
    };
  },
});

if (require.main === module) runService(notification);

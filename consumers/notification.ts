import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { formatMoney } from '../domain/money';
import { customerContactSchema, OrderCreated } from '../events/order-events';
import { createSealer, sealingKeysSchema, type Sealer } from '../events/sealing';
import { deliverMails, type RenderedMail } from './mail/deliver';
import { MAILS_TABLE, planMail, type MailSchema, type PlannedMail } from './mail/ledger';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

/** A mail server that does not answer for this long is away. */
const SMTP_TIMEOUT_MS = 10_000;
const DELIVERY_INTERVAL_MS = 500;

/**
 * Tells the customer that the order is confirmed. Nobody calls it: it reacts, and may lag. The
 * reaction only plans the mail; a task sends it, so that a slow mail server delays no event.
 */
export const consumer = defineConsumer({
  group: 'notification',
  settings: z.object({
    SMTP_URL: z
      .url({ protocol: /^smtps?$/ })
      .describe('Mail server, smtp://user:password@host:port.'),
    MAIL_FROM: z
      .string()
      .min(3)
      .default('Tandem <orders@shop.invalid>')
      .describe('Sender of mails.'),
    EVENT_SEALING_KEYS: sealingKeysSchema,
  }),
  migrations: { '0001_mails': MAILS_TABLE },
  create: (settings): Behaviour<MailSchema> => {
    const sealer = createSealer(settings.EVENT_SEALING_KEYS);
    const transport = createTransport(
      {
        url: settings.SMTP_URL,
        connectionTimeout: SMTP_TIMEOUT_MS,
        greetingTimeout: SMTP_TIMEOUT_MS,
        socketTimeout: SMTP_TIMEOUT_MS,
      },
      { from: settings.MAIL_FROM },
    );
    return {
      reactions: [
        on(OrderCreated, async ({ id, data }, { tx }) => {
          await planMail(tx, {
            event_id: id,
            order_id: data.orderId,
            template: 'order-confirmed',
            values: { total: formatMoney(data.totalMinor, data.currency) },
            sealed: data.sealed,
            message_id: messageId(id),
          });
          return { planned: 'order-confirmed', messageId: messageId(id) };
        }),
      ],
      tasks: [
        {
          name: 'deliver mails',
          intervalMs: DELIVERY_INTERVAL_MS,
          run: (db, signal) => deliverMails(db, transport, (mail) => render(sealer, mail), signal),
        },
      ],
      close: () => transport.close(),
    };
  },
});

/** The same for the same event, so that a mail sent twice can be known as one (RFC 5322, 3.6.4). */
function messageId(eventId: string): string {
  return `<${eventId.replaceAll('/', '.')}@tandem.invalid>`;
}

/** The address and the name are opened here, at the last moment, and kept nowhere. */
async function render(sealer: Sealer, mail: PlannedMail): Promise<RenderedMail> {
  const contact = customerContactSchema.parse(await sealer.open(mail.sealed));
  return {
    to: contact.email,
    subject: `Your order ${mail.order_id} is confirmed`,
    text: [
      `Hello${contact.name === undefined ? '' : ` ${contact.name}`},`,
      '',
      `thank you. Your order ${mail.order_id} over ${mail.values['total']} is confirmed.`,
    ].join('\n'),
  };
}

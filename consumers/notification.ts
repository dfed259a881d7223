import type { Transaction } from 'kysely';
import { createTransport } from 'nodemailer';
import { z } from 'zod';
import { formatMoney } from '../domain/money';
import { OrderShipped } from '../events/fulfilment-events';
import {
  customerContactSchema,
  OrderCancelled,
  OrderCreated,
  OrderFailed,
  OrderRejected,
} from '../events/order-events';
import { WebhookEndpointDisabled } from '../events/webhook-endpoint-events';
import { createSealer, sealingKeysSchema, type Sealer } from '../events/sealing';
import { deliverMails, MAX_SENDING, type RenderedMail } from './mail/deliver';
import { MAILS_TABLE, planMail, type MailSchema, type PlannedMail } from './mail/ledger';
import { mailRecords } from './mail/records';
import { renderMail, type TemplateName } from './mail/templates';
import { defineConsumer, on, type Behaviour, type Effect } from './runtime/consumer';

/** A mail server that does not answer for this long is away. */
const SMTP_TIMEOUT_MS = 10_000;
const DELIVERY_INTERVAL_MS = 500;

/**
 * Tells the customer what became of the order. Nobody calls it: it reacts, and may lag. The reaction
 * only plans the mail; a task sends it, so that a slow mail server delays no event.
 */
export const consumer = defineConsumer({
  group: 'notification',
  batchSize: 20,
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
  recordsOf: mailRecords,
  create: (settings): Behaviour<MailSchema> => {
    const sealer = createSealer(settings.EVENT_SEALING_KEYS);
    const transport = createTransport(
      {
        url: settings.SMTP_URL,
        // A connection of its own for each mail would cost more than the mail.
        pool: true,
        maxConnections: MAX_SENDING,
        connectionTimeout: SMTP_TIMEOUT_MS,
        greetingTimeout: SMTP_TIMEOUT_MS,
        socketTimeout: SMTP_TIMEOUT_MS,
      },
      { from: settings.MAIL_FROM },
    );
    return {
      reactions: [
        on(OrderCreated, ({ id, data }, { tx }) => plan(tx, 'order-confirmed', id, data)),
        on(OrderRejected, ({ id, data }, { tx }) => plan(tx, 'order-rejected', id, data)),
        on(OrderFailed, ({ id, data }, { tx }) => plan(tx, 'order-failed', id, data)),
        on(OrderCancelled, ({ id, data }, { tx }) => plan(tx, 'order-cancelled', id, data)),
        on(WebhookEndpointDisabled, ({ id, data }, { tx }) =>
          plan(tx, 'webhook-endpoint-disabled', id, {
            ...{ orderId: data.endpointId, sealed: data.sealed },
            ...{ code: data.reason, url: data.url },
          }),
        ),
        on(OrderShipped, ({ id, data }, { tx }) => plan(tx, 'order-shipped', id, data)),
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

/** What the events that customers hear of have in common, and what some of them add. */
interface Told {
  readonly orderId: string;
  readonly sealed: string;
  readonly totalMinor?: number;
  readonly currency?: string;
  readonly code?: string;
  readonly carrier?: string;
  readonly trackingNumber?: string;
  readonly url?: string;
}

async function plan(
  tx: Transaction<MailSchema>,
  template: TemplateName,
  eventId: string,
  told: Told,
): Promise<Effect> {
  const { orderId, sealed, carrier = '', trackingNumber = '', url = '' } = told;
  const total = formatMoney(told.totalMinor ?? 0, told.currency ?? 'EUR');
  const reason = REASONS[told.code ?? ''] ?? 'please ask us why.';
  const values = { order: orderId, total, reason, carrier, tracking: trackingNumber, url };
  const message_id = messageId(eventId);
  await planMail(tx, {
    event_id: eventId,
    order_id: orderId,
    template,
    values,
    sealed,
    message_id,
  });
  return { planned: template, messageId: message_id };
}

/** Why an order was rejected or an endpoint disabled, as a customer is told; a code that came later is not explained. */
const REASONS: Readonly<Record<string, string>> = {
  out_of_stock: 'a product is sold out.',
  payment_declined: 'your payment was declined.',
  gone: 'it answered that it is gone (410).',
  failing: 'it has taken nothing for three days.',
};

/** The same for the same event, so that a mail sent twice can be known as one (RFC 5322, 3.6.4). */
function messageId(eventId: string): string {
  return `<${eventId.replaceAll('/', '.')}@tandem.invalid>`;
}

/** The address and the name are opened here, at the last moment, and kept nowhere. */
async function render(sealer: Sealer, mail: PlannedMail): Promise<RenderedMail> {
  const contact = customerContactSchema.parse(await sealer.open(mail.sealed));
  // A mail planned by an earlier version has its order beside its values.
  const values = { order: mail.order_id, ...mail.values };
  return { to: contact.email, ...renderMail(mail.template, values, contact.name) };
}

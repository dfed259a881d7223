import type { Kysely } from 'kysely';
import type { ConsumerRecord, SubjectQuery } from '../runtime/consumer';
import type { MailSchema } from './ledger';
import { renderMail } from './templates';

/** Nobody's: the customer's name and address stay sealed. */
const NAME_LEFT_OUT = '[name]';

const STATES = { planned: 'waiting', sending: 'waiting', sent: 'done', failed: 'failed' } as const;

/** The mails about an order: as they read, but for whom they are to. */
export async function mailRecords(
  db: Kysely<MailSchema>,
  { eventIds }: SubjectQuery,
): Promise<ConsumerRecord[]> {
  const mails = await db
    .selectFrom('mails')
    .selectAll()
    .where('event_id', 'in', eventIds)
    .execute();
  return mails.map((mail) => {
    const values = { order: mail.order_id, ...(mail.values as Record<string, string>) };
    const { subject, text } = renderMail(mail.template, values, NAME_LEFT_OUT);
    const { state, attempts, message_id: messageId, last_error: error } = mail;
    return {
      at: mail.sent_at ?? mail.planned_at,
      what: `mail ${mail.template} ${state}`,
      state: STATES[state],
      detail: { event: mail.event_id, attempts, messageId, error, subject, text },
    };
  });
}

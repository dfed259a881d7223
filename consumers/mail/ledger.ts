import { sql, type ColumnType, type Kysely, type Transaction } from 'kysely';

/** A mail server may be away for a weekend; after that the news in a mail is old. */
const GIVE_UP_AFTER_HOURS = 72;
const FIRST_RETRY_SECONDS = 2;
const MAX_RETRY_SECONDS = 900;

/**
 * A mail in `sending` for this long has an unknown outcome: the process died, or the server never
 * answered. It is sent again with the same Message-ID: rather twice than never.
 */
const SENDING_TIMEOUT_SECONDS = 60;

/** Where a mail stands. */
type MailState = 'planned' | 'sending' | 'sent' | 'failed';

/** The ledger of mails. */
export interface MailSchema {
  mails: {
    event_id: string;
    order_id: string;
    template: string;
    values: unknown;
    /** The recipient, sealed as it came. */
    sealed: string;
    message_id: string;
    state: ColumnType<MailState, never, MailState>;
    attempts: ColumnType<number, never, number>;
    planned_at: ColumnType<Date, never, never>;
    due_at: ColumnType<Date, never, Date>;
    last_error: ColumnType<string | null, never, string | null>;
    sent_at: ColumnType<Date | null, never, Date | null>;
  };
}

/** The same as SQL. */
export const MAILS_TABLE = `
  create table mails (
    event_id text primary key,
    order_id text not null,
    template text not null,
    values jsonb not null,
    sealed text not null,
    message_id text not null unique,
    state text not null default 'planned'
      check (state in ('planned', 'sending', 'sent', 'failed')),
    attempts integer not null default 0,
    planned_at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    last_error text,
    sent_at timestamptz,
    check ((state = 'sent') = (sent_at is not null))
  );
  create index mails_due on mails (due_at) where state in ('planned', 'sending');`;

/** A mail that is to be sent. */
export interface PlannedMail {
  readonly event_id: string;
  readonly order_id: string;
  readonly template: string;
  readonly values: Readonly<Record<string, string>>;
  readonly sealed: string;
  readonly message_id: string;
}

/** Plans a mail, in the transaction of the event that it answers. */
export async function planMail(tx: Transaction<MailSchema>, mail: PlannedMail): Promise<void> {
  await tx
    .insertInto('mails')
    .values({ ...mail, values: JSON.stringify(mail.values) })
    .execute();
}

/** A mail that is being sent, and which attempt this is. */
export type SendingMail = PlannedMail & { readonly attempts: number };

/** Takes a mail that is due, if there is one, and marks it as `sending`: committed before it is sent. */
export async function takeDueMail(db: Kysely<MailSchema>): Promise<SendingMail | undefined> {
  const { rows } = await sql<SendingMail>`
    update mails
    set state = 'sending', attempts = attempts + 1,
        due_at = now() + make_interval(secs => ${SENDING_TIMEOUT_SECONDS})
    where event_id in (
      select event_id from mails where state in ('planned', 'sending') and due_at <= now()
      order by due_at limit 1 for update skip locked)
    returning event_id, order_id, template, values, sealed, message_id, attempts`.execute(db);
  return rows[0];
}

/** The mail server took it. */
export async function recordSent(
  db: Kysely<MailSchema>,
  { event_id, attempts }: SendingMail,
): Promise<void> {
  await db
    .updateTable('mails')
    .set({ state: 'sent', sent_at: sql`now()`, last_error: null })
    .where('event_id', '=', event_id)
    .where('state', '=', 'sending')
    .where('attempts', '=', attempts)
    .execute();
}

/** The mail server did not take it: tried again later, unless it never will. */
export async function recordNotSent(
  db: Kysely<MailSchema>,
  { event_id, attempts }: SendingMail,
  { error, isFinal }: { error: string; isFinal: boolean },
): Promise<void> {
  const retrySeconds = Math.min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), MAX_RETRY_SECONDS);
  await db
    .updateTable('mails')
    .set({
      state: sql`case
        when ${isFinal} or planned_at < now() - make_interval(hours => ${GIVE_UP_AFTER_HOURS})
        then 'failed' else 'planned' end`,
      last_error: error,
      due_at: sql`now() + make_interval(secs => ${retrySeconds})`,
    })
    .where('event_id', '=', event_id)
    // Not if its time in `sending` was up, and somebody else has it now.
    .where('state', '=', 'sending')
    .where('attempts', '=', attempts)
    .execute();
}

import type { Kysely } from 'kysely';
import type { Transporter } from 'nodemailer';
import {
  recordNotSent,
  recordSent,
  takeDueMails,
  type MailSchema,
  type PlannedMail,
} from './ledger';

/** Mails of one round; they are sent one after another. */
const BATCH = 10;

/** What is kept of a mail server's words. */
const MAX_ERROR_LENGTH = 500;

/** A mail as it goes out. */
export interface RenderedMail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Sends what is due; a mail that cannot be sent now does not keep the others waiting. */
export async function deliverMails(
  db: Kysely<MailSchema>,
  transport: Transporter,
  render: (mail: PlannedMail) => Promise<RenderedMail>,
  signal: AbortSignal,
): Promise<void> {
  for (const mail of await takeDueMails(db, BATCH)) {
    // Taken but not begun: found again when its time in `sending` is up.
    if (signal.aborted) return;
    try {
      await transport.sendMail({ ...(await render(mail)), messageId: mail.message_id });
    } catch (error) {
      await recordNotSent(db, mail, { error: describe(error), isFinal: isFinal(error) });
      continue;
    }
    await recordSent(db, mail.event_id);
  }
}

/** SMTP's 5xx: the server will never take this mail (RFC 5321, section 4.2.1). */
function isFinal(error: unknown): boolean {
  return (
    error instanceof Error &&
    'responseCode' in error &&
    typeof error.responseCode === 'number' &&
    error.responseCode >= 500
  );
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.slice(0, MAX_ERROR_LENGTH);
}

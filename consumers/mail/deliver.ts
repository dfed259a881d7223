import type { Kysely } from 'kysely';
import type { Transporter } from 'nodemailer';
import { storableText } from '../../db/storable-text';
import {
  recordNotSent,
  recordSent,
  takeDueMail,
  type MailSchema,
  type PlannedMail,
} from './ledger';
import type { MailText } from './templates';

/** What is kept of a mail server's words. */
const MAX_ERROR_LENGTH = 500;

/** A mail as it goes out. */
export interface RenderedMail extends MailText {
  readonly to: string;
}

/** Mails on their way at once: a server far away takes a tenth of a second for each. */
export const MAX_SENDING = 5;

type Render = (mail: PlannedMail) => Promise<RenderedMail>;

/** Sends what is due, some at once; one that cannot be sent now does not stop the others. */
export async function deliverMails(
  db: Kysely<MailSchema>,
  transport: Transporter,
  render: Render,
  signal: AbortSignal,
): Promise<void> {
  const sending = Array.from({ length: MAX_SENDING }, () =>
    deliverInTurn(db, transport, render, signal),
  );
  // All of them, also when the database fails one: a round ends when nothing of it is under way.
  const failed = (await Promise.allSettled(sending)).find(({ status }) => status === 'rejected');
  if (failed) throw (failed as PromiseRejectedResult).reason;
}

async function deliverInTurn(
  db: Kysely<MailSchema>,
  transport: Transporter,
  render: Render,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const mail = await takeDueMail(db);
    if (!mail) return;
    try {
      await transport.sendMail({ ...(await render(mail)), messageId: mail.message_id });
    } catch (error) {
      await recordNotSent(db, mail, { error: describe(error), isFinal: isFinal(error) });
      continue;
    }
    await recordSent(db, mail);
  }
}

/**
 * Whether the server will never take this very mail: its 5xx to the recipient or the message
 * (RFC 5321, section 4.2.1). A 5xx to our password or our greeting is ours to mend.
 */
function isFinal(error: unknown): boolean {
  if (!(error instanceof Error) || !('responseCode' in error) || !('code' in error)) return false;
  const isAboutThisMail = error.code === 'EENVELOPE' || error.code === 'EMESSAGE';
  return isAboutThisMail && Number(error.responseCode) >= 500;
}

function describe(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return storableText(text, MAX_ERROR_LENGTH);
}

import { simpleParser } from 'mailparser';
import { JsonLines } from '../json-lines';

/** A mail as it was received. */
export interface ReceivedMail {
  readonly receivedAt: string;
  readonly messageId: string;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

/** Every mail that was ever received, on disk. */
export class Mailbox {
  readonly #lines: JsonLines<ReceivedMail>;

  constructor(file: string) {
    this.#lines = new JsonLines(file);
  }

  /** Takes a mail as SMTP brought it. */
  async receive(source: Buffer): Promise<void> {
    const mail = await simpleParser(source);
    const to = Array.isArray(mail.to) ? mail.to : [mail.to];
    this.#lines.append({
      receivedAt: new Date().toISOString(),
      messageId: mail.messageId ?? '',
      from: mail.from?.text ?? '',
      to: to.map((address) => address?.text ?? '').join(', '),
      subject: mail.subject ?? '',
      text: mail.text ?? '',
    });
  }

  /** The oldest first. */
  list(): ReceivedMail[] {
    return this.#lines.read();
  }
}

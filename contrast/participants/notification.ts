import { createTransport, type Transporter } from 'nodemailer';

/** A mail server that says nothing for so long is taken for down. */
const ANSWER_TIMEOUT_MS = 2_000;

/** What a customer is told of. */
export interface Confirmed {
  readonly orderId: string;
  readonly email: string;
}

/** The way to the mail server. */
export function openMail(url: string): Transporter {
  const limits = { connectionTimeout: ANSWER_TIMEOUT_MS, socketTimeout: ANSWER_TIMEOUT_MS };
  return createTransport({ url, pool: true, ...limits }, { from: 'orders@example.com' });
}

/** Tells the customer that the order stands. A second mail of one order has the same Message-ID. */
export async function sendConfirmation(
  mail: Transporter,
  { orderId, email }: Confirmed,
): Promise<void> {
  await mail.sendMail({
    to: email,
    subject: `Your order ${orderId} is confirmed`,
    text: `Thank you. Your order ${orderId} is confirmed.`,
    messageId: `<${orderId}@contrast.example.com>`,
  });
}

/** What a mail says, before it is addressed. */
export interface MailText {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

interface Words {
  readonly subject: string;
  readonly paragraphs: readonly string[];
}

type Values = Readonly<Record<string, string>>;

/** Every mail that customers get, by its name in the ledger. */
const TEMPLATES = {
  'order-confirmed': ({ order, total }: Values): Words => ({
    subject: `Your order ${order} is confirmed`,
    paragraphs: [`thank you. Your order ${order} over ${total} is confirmed.`],
  }),
  'order-rejected': ({ order, reason }: Values): Words => ({
    subject: `Your order ${order} was not accepted`,
    paragraphs: [`we could not accept your order ${order}: ${reason}`, 'You were not charged.'],
  }),
  'order-failed': ({ order }: Values): Words => ({
    subject: `Your order ${order} could not be placed`,
    paragraphs: [
      `something went wrong on our side, and your order ${order} was not placed.`,
      'You were not charged. Please order again.',
    ],
  }),
  'order-cancelled': ({ order, total }: Values): Words => ({
    subject: `Your order ${order} is cancelled`,
    paragraphs: [`your order ${order} over ${total} is cancelled. You get back what you paid.`],
  }),
  'order-shipped': ({ order, carrier, tracking }: Values): Words => ({
    subject: `Your order ${order} is on its way`,
    paragraphs: [`${carrier} brings your order ${order}. The parcel's number is ${tracking}.`],
  }),
  'webhook-endpoint-disabled': ({ order, url, reason }: Values): Words => ({
    subject: `Your webhook endpoint ${order} was disabled`,
    paragraphs: [
      `nothing is sent to ${url} any more: ${reason}`,
      'Mend it, then enable it again. What waited is sent then; what happens until then is not.',
    ],
  }),
} as const;

/** The name of a mail. */
export type TemplateName = keyof typeof TEMPLATES;

/** Writes a mail in plain text and in HTML. Throws when there is no such template. */
export function renderMail(name: string, values: Values, recipient: string | undefined): MailText {
  if (!Object.hasOwn(TEMPLATES, name)) throw new Error(`there is no template "${name}"`);
  const { subject, paragraphs } = TEMPLATES[name as TemplateName](values);
  const greeting = `Hello${recipient === undefined ? '' : ` ${recipient}`},`;
  const all = [greeting, ...paragraphs];
  return { subject: onOneLine(subject), text: all.join('\n\n'), html: page(all) };
}

function page(paragraphs: readonly string[]): string {
  const body = paragraphs.map((one) => `<p>${escape(one)}</p>`).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"></head>
<body style="font-family: sans-serif; max-width: 36em; line-height: 1.5">
${body}
</body></html>`;
}

/** What a customer typed must not become markup. */
function escape(text: string): string {
  const names: Values = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": '#39' };
  return text.replace(/[&<>"']/g, (character) => `&${names[character]};`);
}

/** A line break in a subject would begin another header (RFC 5322, section 2.2). */
function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

import type { Transporter } from 'nodemailer';
import { sql, type Kysely } from 'kysely';
import { deliverMails, MAX_SENDING } from '../../consumers/mail/deliver';
import { planMail, recordNotSent, takeDueMail, type MailSchema } from '../../consumers/mail/ledger';
import { createTestDatabase, type TestDatabase } from '../jest/database';

let database: TestDatabase;
let db: Kysely<MailSchema>;
let admin: Kysely<MailSchema>;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.connect<MailSchema>({ role: 'tandem_notification', searchPath: 'notification' });
  admin = database.connect<MailSchema>({ searchPath: 'notification' });
  await plan('ord_1');
});
afterEach(() => database.close());

async function plan(orderId: string): Promise<void> {
  await db.transaction().execute((tx) =>
    planMail(tx, {
      event_id: `${orderId}/OrderCreated/1`,
      order_id: orderId,
      template: 'order-confirmed',
      values: { total: '8.90 EUR' },
      sealed: 'sealed',
      message_id: `<${orderId}@test>`,
    }),
  );
}

function smtpError(message: string, code: string, responseCode: number): Error {
  return Object.assign(new Error(message), { code, responseCode });
}

/** A mail server that answers as told and remembers what it was sent. */
function mailServer(answer: () => Promise<unknown>) {
  const sent: unknown[] = [];
  const sendMail = (mail: { messageId: string }) => {
    sent.push(mail.messageId);
    return answer();
  };
  return { sent, transport: { sendMail } as unknown as Transporter };
}

const deliver = (transport: Transporter) =>
  deliverMails(
    db,
    transport,
    () => Promise.resolve({ to: 'a@b.c', subject: 's', text: 't', html: 'h' }),
    new AbortController().signal,
  );

const mails = () => db.selectFrom('mails').select(['state', 'attempts', 'last_error']).execute();
const makeDue = () => sql`update mails set due_at = now()`.execute(db);

test('a mail is sent once, however often the ledger is looked at', async () => {
  const { sent, transport } = mailServer(() => Promise.resolve());
  for (let i = 0; i < 3; i++) await deliver(transport);
  expect(sent).toEqual(['<ord_1@test>']);
  expect(await mails()).toEqual([{ state: 'sent', attempts: 1, last_error: null }]);
});

test('a mail server that is slow is given as many mails at once as it is allowed connections', async () => {
  for (let i = 2; i <= MAX_SENDING; i++) await plan(`ord_${i}`);
  let arrived = 0;
  let letAllGo: () => void = () => undefined;
  const allHere = new Promise<void>((resolve) => (letAllGo = resolve));
  const { sent, transport } = mailServer(() => {
    arrived += 1;
    if (arrived === MAX_SENDING) letAllGo();
    return allHere;
  });
  await deliver(transport);
  expect(new Set(sent).size).toBe(MAX_SENDING);
});

test('a mail server that is away is tried again later', async () => {
  await deliver(mailServer(() => Promise.reject(new Error('ECONNREFUSED'))).transport);
  expect(await mails()).toEqual([{ state: 'planned', attempts: 1, last_error: 'ECONNREFUSED' }]);
  await makeDue();
  await deliver(mailServer(() => Promise.resolve()).transport);
  expect(await mails()).toMatchObject([{ state: 'sent', attempts: 2 }]);
});

test('a mail that the server will never take is not tried again', async () => {
  const refusal = smtpError('no such mailbox', 'EENVELOPE', 550);
  await deliver(mailServer(() => Promise.reject(refusal)).transport);
  await makeDue();
  const { sent, transport } = mailServer(() => Promise.resolve());
  await deliver(transport);
  expect(sent).toEqual([]);
  expect(await mails()).toMatchObject([{ state: 'failed', last_error: 'no such mailbox' }]);
});

test.each([
  ['our password', smtpError('bad password', 'EAUTH', 535)],
  ['our connection', smtpError('go away', 'EPROTOCOL', 554)],
  ['a mailbox that is full today', smtpError('try later', 'EENVELOPE', 452)],
])('a refusal of %s is tried again for days', async (_, refusal) => {
  await deliver(mailServer(() => Promise.reject(refusal)).transport);
  expect(await mails()).toMatchObject([{ state: 'planned' }]);
  await sql`update mails set planned_at = now() - interval '71 hours'`.execute(admin);
  await makeDue();
  await deliver(mailServer(() => Promise.reject(refusal)).transport);
  expect(await mails()).toMatchObject([{ state: 'planned', attempts: 2 }]);
  await sql`update mails set planned_at = now() - interval '73 hours'`.execute(admin);
  await makeDue();
  await deliver(mailServer(() => Promise.reject(refusal)).transport);
  expect(await mails()).toMatchObject([{ state: 'failed', attempts: 3 }]);
});

test('who sends too slowly does not overwrite what the next one found out', async () => {
  const slow = (await takeDueMail(db))!;
  await makeDue();
  await deliver(mailServer(() => Promise.resolve()).transport);
  await recordNotSent(db, slow, { error: 'too late', isFinal: true });
  expect(await mails()).toEqual([{ state: 'sent', attempts: 2, last_error: null }]);
});

test('a mail that was being sent when the process died is sent again under the same Message-ID', async () => {
  expect(await takeDueMail(db)).toMatchObject({ attempts: 1 });
  const { sent, transport } = mailServer(() => Promise.resolve());
  await deliver(transport);
  expect(sent).toEqual([]);
  await makeDue();
  await deliver(transport);
  expect(sent).toEqual(['<ord_1@test>']);
});

import Stripe from 'stripe';
import { takeWebhookEvents } from '../../db/webhook-events';
import { ApiHarness, WEBHOOK_SECRETS } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
});
afterAll(() => api.close());

const now = () => Math.floor(Date.now() / 1000);

function eventBody(id: string): string {
  const object = { id: 'pi_1', object: 'payment_intent' };
  return JSON.stringify({
    id,
    object: 'event',
    type: 'payment_intent.succeeded',
    data: { object },
  });
}

async function send(body: string, secret: string, timestamp = now(), sent = body) {
  const payload = body;
  const signature = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
  return api.request('/webhooks/payments', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Stripe-Signature': signature },
    body: sent,
  });
}

test.each(WEBHOOK_SECRETS)(
  'a notification signed with %s is kept, once however often it comes',
  async (secret) => {
    const body = eventBody(`evt_${secret}`);
    const answers = await Promise.all([1, 2, 3].map(async () => (await send(body, secret)).json()));
    expect(answers.filter((answer) => !(answer as { replayed: boolean }).replayed)).toHaveLength(1);
    const limits = { limit: 10, putOffSeconds: 60 };
    const events = await takeWebhookEvents(api.database.db, limits);
    expect(events).toEqual([{ eventId: `evt_${secret}`, intentId: 'pi_1', attempt: 1 }]);
    expect(await takeWebhookEvents(api.database.db, limits)).toEqual([]);
  },
);

test.each([
  ['another secret', () => send(eventBody('evt_x'), 'whsec_other')],
  ['an old signature', () => send(eventBody('evt_x'), WEBHOOK_SECRETS[0]!, now() - 600)],
  [
    'a body that was changed',
    () => send(eventBody('evt_x'), WEBHOOK_SECRETS[0]!, now(), eventBody('evt_y')),
  ],
  [
    'the same body written otherwise',
    () => send(eventBody('evt_x'), WEBHOOK_SECRETS[0]!, now(), `${eventBody('evt_x')} `),
  ],
  ['no signature', () => api.request('/webhooks/payments', { method: 'POST', body: '{}' })],
  ['a body that is no event', () => send('no event', WEBHOOK_SECRETS[0]!)],
])('%s is refused, and nothing is kept', async (_, sendIt) => {
  const response = await sendIt();
  expect(response.status).toBe(400);
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const limits = { limit: 10, putOffSeconds: 60 };
  expect(await takeWebhookEvents(api.database.db, limits)).toEqual([]);
});

test('a body that is too large is refused', async () => {
  expect((await send(`"${'x'.repeat(300_000)}"`, WEBHOOK_SECRETS[0]!)).status).toBe(413);
});

test.each([
  'null',
  '[]',
  '{"id":"evt_1","type":"x"}',
  '{"id":"evt_1","type":"x","data":{"object":null}}',
  '{"id":7,"type":"x","data":{"object":{}}}',
  '{"id":"evt_\\u0000","type":"x","data":{"object":{}}}',
])('the signed body %s is no event and is refused', async (body) => {
  expect((await send(body, WEBHOOK_SECRETS[0]!)).status).toBe(400);
});

import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import { createSimulator } from '../../dev/payment-simulator/app';
import { Ledger } from '../../dev/payment-simulator/ledger';
import { createStripe } from '../../workers/stripe';

let server: Server;
let base: string;
let stripe: Stripe;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-shape-'));
  server = createSimulator(new Ledger(path.join(folder, 'l.jsonl'))).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  stripe = createStripe('sk_test_x', base);
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

const intent = {
  ...{ amount: 890, currency: 'eur', capture_method: 'manual', confirm: true },
  ...{ payment_method: 'pm_card_visa', metadata: { orderId: 'ord_1' } },
} as const;

async function plan(...rules: object[]): Promise<void> {
  const response = await fetch(`${base}/simulator/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ rules }),
  });
  expect(response.ok).toBe(true);
}
afterEach(() => plan());

test('intents, captures, refunds and lists are what the official client expects', async () => {
  const created = await stripe.paymentIntents.create(intent);
  expect(created).toMatchObject({
    object: 'payment_intent',
    status: 'requires_capture',
    amount_capturable: 890,
  });
  const captured = await stripe.paymentIntents.capture(created.id, { expand: ['latest_charge'] });
  expect(captured).toMatchObject({
    ...{ status: 'succeeded', amount_received: 890 },
    latest_charge: {
      payment_method_details: { card: { fingerprint: expect.any(String) as string } },
    },
  });
  const refund = await stripe.refunds.create({ payment_intent: created.id });
  expect(refund).toMatchObject({ object: 'refund', status: 'succeeded', amount: 890 });
  await expect(stripe.refunds.create({ payment_intent: created.id })).rejects.toMatchObject({
    code: 'charge_already_refunded',
  });
  for (let i = 0; i < 4; i += 1) await stripe.paymentIntents.create(intent);
  const all = await stripe.paymentIntents.list({ limit: 2 }).autoPagingToArray({ limit: 100 });
  expect(all).toHaveLength(5);
});

test.each([
  ['decline', Stripe.errors.StripeCardError],
  ['rate-limit', Stripe.errors.StripeRateLimitError],
  ['server-error', Stripe.errors.StripeAPIError],
  ['error-after', Stripe.errors.StripeAPIError],
  ['html', Stripe.errors.StripeAPIError],
  ['drop-request', Stripe.errors.StripeConnectionError],
  ['drop-reply', Stripe.errors.StripeConnectionError],
])('%s is the error that the official client makes of it', async (fault, error) => {
  // Whatever it is told, the client tries once more, with the same key, when a connection breaks.
  await plan({ fault, times: fault.startsWith('drop') ? 2 : 1 });
  const idempotencyKey = `key-${fault}`;
  await expect(stripe.paymentIntents.create(intent, { idempotencyKey })).rejects.toThrow(error);
  // The same key again: what took effect is found, what did not is done now; a decline stays one.
  const again = stripe.paymentIntents.create(intent, { idempotencyKey });
  if (fault === 'decline') await expect(again).rejects.toThrow(error);
  else await expect(again).resolves.toMatchObject({ status: 'requires_capture' });
  const all = await stripe.paymentIntents.list({ limit: 100 }).autoPagingToArray({ limit: 500 });
  const { length } = all.filter(({ created }) => created > 0);
  expect(length).toBeGreaterThan(0);
});

test('an answer about another amount is delivered as it is, for us to refuse', async () => {
  await plan({ fault: 'wrong-amount' });
  expect((await stripe.paymentIntents.create(intent)).amount).toBe(891);
});

test('the same seed strikes the same requests', async () => {
  const struck = async () => {
    await plan({ fault: 'server-error', rate: 0.3 });
    const tries = Array.from({ length: 20 }, (_, i) =>
      stripe.paymentIntents.create(intent, { idempotencyKey: `seeded-${i}-a` }).then(
        () => 'ok',
        () => 'struck',
      ),
    );
    return Promise.all(tries);
  };
  const first = await struck();
  expect(first).toContain('struck');
  expect(await struck()).toEqual(first);
});

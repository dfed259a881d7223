import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type Stripe from 'stripe';
import { createPaymentActivities } from '../../activities/payment';
import { findPayment, openPayment } from '../../db/payments';
import type { Redis } from '../../platform/redis';
import { openTestRedis } from '../jest/redis';
import { findOrder } from '../../db/orders';
import { stockProduct } from '../../dev/catalogue';
import { createSimulator } from '../../dev/payment-simulator/app';
import { Ledger } from '../../dev/payment-simulator/ledger';
import { createStripe } from '../../workers/stripe';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder } from '../jest/new-order';

let database: TestDatabase;
let server: Server;
let folder: string;
let ledger: Ledger;
let stripe: Stripe;
let redis: Redis;
let payments: ReturnType<typeof createPaymentActivities>;

beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 100);
  redis = await openTestRedis();
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-payments-'));
  ledger = new Ledger(path.join(folder, 'payments.jsonl'));
  server = createSimulator(ledger).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  stripe = createStripe('sk_test_x', `http://127.0.0.1:${port}`);
  payments = createPaymentActivities({ db: database.db, redis, stripe });
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
  redis.destroy();
  await database.close();
});

async function newPayment(paymentMethod = 'pm_card_visa') {
  const lines = [{ sku: 'TEA', quantity: 1 }];
  const { orderId } = await savePendingOrder(database.db, lines, { paymentMethod });
  return { orderId, amountMinor: 1_000, currency: 'EUR' };
}

const intentsOf = (orderId: string) =>
  ledger.intents().filter(({ metadata }) => metadata['orderId'] === orderId);

test('authorizes once, however often it is asked, and captures once', async () => {
  const payment = await newPayment();
  for (let i = 0; i < 3; i++) await payments.authorizePayment(payment);
  expect(intentsOf(payment.orderId)).toMatchObject([{ status: 'requires_capture', amount: 1_000 }]);
  const captures = [await payments.capturePayment(payment), await payments.capturePayment(payment)];
  expect(captures[0]).toEqual(captures[1]);
  expect(intentsOf(payment.orderId)).toMatchObject([
    { status: 'succeeded', amount_received: 1_000 },
  ]);
  expect(await findOrder(database.db, payment.orderId)).toMatchObject({
    paymentStatus: 'captured',
  });
});

test.each([
  ['pm_card_chargeDeclined', 'generic_decline'],
  ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
  ['pm_nobody_knows', 'invalid_payment_method'],
])('refuses %s with the decline code %s, and keeps refusing', async (paymentMethod, code) => {
  const payment = await newPayment(paymentMethod);
  for (let i = 0; i < 2; i++) {
    await expect(payments.authorizePayment(payment)).rejects.toMatchObject({
      type: 'payment_declined',
      nonRetryable: true,
      details: [{ declineCode: code }],
    });
  }
  await payments.voidAuthorization(payment);
  expect(intentsOf(payment.orderId).filter(({ status }) => status !== 'canceled')).toEqual([]);
});

test('voids what was authorized, and can be asked again', async () => {
  const payment = await newPayment();
  await payments.authorizePayment(payment);
  for (let i = 0; i < 2; i++) await payments.voidAuthorization(payment);
  expect(intentsOf(payment.orderId)).toMatchObject([{ status: 'canceled' }]);
  expect(await findOrder(database.db, payment.orderId)).toMatchObject({ paymentStatus: 'voided' });
});

test('voids an authorization of which nobody here knows that it took effect', async () => {
  const payment = await newPayment();
  await authorizeAndLoseTheAnswer(payment);
  expect(await findPayment(database.db, payment.orderId)).toMatchObject({ state: 'authorizing' });
  await payments.voidAuthorization(payment);
  expect(intentsOf(payment.orderId)).toMatchObject([{ status: 'canceled' }]);
});

test('an attempt after an unknown outcome finds the first one and makes no second', async () => {
  const payment = await newPayment();
  await authorizeAndLoseTheAnswer(payment);
  await payments.authorizePayment(payment);
  expect(intentsOf(payment.orderId)).toMatchObject([{ status: 'requires_capture' }]);
});

test('two attempts that overlap are one authorization, and neither undoes the other', async () => {
  const payment = await newPayment();
  await openPayment(database.db, payment);
  const attempts = [payments.authorizePayment(payment), payments.authorizePayment(payment)];
  expect(await Promise.all(attempts)).toEqual([undefined, undefined]);

  const slow = createPaymentActivities({
    db: database.db,
    redis,
    stripe: slowStripe(() => payments.authorizePayment(payment)),
  });
  const next = await newPayment();
  Object.assign(payment, next);
  await slow.authorizePayment(next);
  expect(intentsOf(next.orderId)).toMatchObject([{ status: 'requires_capture' }]);
  expect(await findPayment(database.db, next.orderId)).toMatchObject({ state: 'authorized' });
});

/** The provider, but something else happens between its answer and our hearing it. */
function slowStripe(meanwhile: () => Promise<void>): Stripe {
  return {
    paymentIntents: {
      create: async (...call: Parameters<Stripe['paymentIntents']['create']>) => {
        const intent = await stripe.paymentIntents.create(...call);
        await meanwhile();
        return intent;
      },
      cancel: stripe.paymentIntents.cancel.bind(stripe.paymentIntents),
    },
  } as unknown as Stripe;
}

test('a capture of money that is not there any more is left to a person', async () => {
  const payment = await newPayment();
  await payments.authorizePayment(payment);
  const found = await findPayment(database.db, payment.orderId);
  await stripe.paymentIntents.cancel(found!.intentId!);
  await expect(payments.capturePayment(payment)).rejects.toMatchObject({
    type: 'payment_mismatch',
    nonRetryable: true,
  });
});

test('an authorization that comes after its undo is refused, and no money stays set aside', async () => {
  const early = await newPayment();
  await payments.voidAuthorization(early);
  await expect(payments.authorizePayment(early)).rejects.toMatchObject({ type: 'payment_voided' });
  expect(intentsOf(early.orderId)).toEqual([]);

  const late = await newPayment();
  await openPayment(database.db, late);
  const [authorized, voided] = await Promise.allSettled([
    payments.authorizePayment(late),
    retry(() => payments.voidAuthorization(late)),
  ]);
  expect(voided.status).toBe('fulfilled');
  if (authorized.status === 'rejected') await retry(() => payments.voidAuthorization(late));
  expect(intentsOf(late.orderId).filter(({ status }) => status !== 'canceled')).toEqual([]);
});

/** As when the connection breaks after the provider has done its part. */
async function authorizeAndLoseTheAnswer(payment: Awaited<ReturnType<typeof newPayment>>) {
  const lossy = createPaymentActivities({
    db: database.db,
    redis,
    stripe: {
      paymentIntents: {
        create: async (...call: Parameters<Stripe['paymentIntents']['create']>) => {
          await stripe.paymentIntents.create(...call);
          throw new Error('socket hang up');
        },
      },
    } as unknown as Stripe,
  });
  await expect(lossy.authorizePayment(payment)).rejects.toThrow('socket hang up');
}

/** As Temporal would. */
async function retry(attempt: () => Promise<void>): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await attempt();
    } catch (error) {
      if (i === 10) throw error;
    }
  }
}

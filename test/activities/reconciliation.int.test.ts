import { mkdtempSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import type Stripe from 'stripe';
import { createReconciliationActivities } from '../../activities/reconciliation';
import { createPaymentReconciler } from '../../activities/reconcile-payment';
import { settleByHand } from '../../db/attention';
import { reserveStock } from '../../db/inventory';
import { closeOrder, confirmOrder } from '../../db/order-endings';
import { findOrder } from '../../db/orders';
import { openPayment } from '../../db/payments';
import { stockProduct } from '../../dev/catalogue';
import { createSimulator } from '../../dev/payment-simulator/app';
import { Ledger } from '../../dev/payment-simulator/ledger';
import { publishOnce } from '../../events/publish-once';
import { PARTITIONS, streamKey } from '../../events/streams';
import type { Redis } from '../../platform/redis';
import { createStripe } from '../../workers/stripe';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder, stockOf } from '../jest/new-order';
import { openTestRedis } from '../jest/redis';

const seal = () => Promise.resolve('sealed');
const lines = [{ sku: 'TEA', quantity: 1 }];
let database: TestDatabase;
let redis: Redis;
let server: Server;
let stripe: Stripe;
let folder: string;
let ledger: Ledger;

beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 100);
  redis = await openTestRedis();
  folder = mkdtempSync(path.join(tmpdir(), 'tandem-reconciliation-'));
  ledger = new Ledger(path.join(folder, 'payments.jsonl'));
  server = createSimulator(ledger).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stripe = createStripe('sk_test_x', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  redis.destroy();
  rmSync(folder, { recursive: true, force: true });
  await database.close();
});

const reconciler = () => createReconciliationActivities({ db: database.db, redis, stripe });

async function confirmedOrder(): Promise<string> {
  const { orderId } = await savePendingOrder(database.db, lines);
  await reserveStock(database.db, orderId, lines);
  await confirmOrder(database.db, orderId, seal);
  return orderId;
}

async function streamIds(): Promise<string[]> {
  const streams = await Promise.all(PARTITIONS.map((p) => redis.xRange(streamKey(p), '-', '+')));
  return streams.flatMap((entries) => (entries ?? []).map(({ message }) => message['id']!));
}

test('the stock of an order that has ended is released, and one that is overdue is raised', async () => {
  const { db } = database;
  const ended = await savePendingOrder(db, lines);
  const overdue = await savePendingOrder(db, lines);
  for (const { orderId } of [ended, overdue]) await reserveStock(db, orderId, lines);
  // As when a saga was terminated by hand: closed, and nobody undid anything.
  await closeOrder(db, { orderId: ended.orderId, status: 'failed', code: 'system_failure' }, seal);
  expect(await reconciler().reconcileHolds({ overdueSeconds: 3600 })).toEqual({
    released: [ended.orderId],
    overdue: [],
  });
  const { reserved } = await stockOf(db, 'TEA');
  expect(reserved).toBe(1);
  const sweep = await reconciler().reconcileHolds({ overdueSeconds: 0 });
  expect(sweep).toEqual({ released: [], overdue: [overdue.orderId] });
  const raised = await findOrder(db, overdue.orderId);
  expect(raised?.needsAttention).toEqual(['stock is held for too long']);
  await closeOrder(db, { orderId: overdue.orderId, status: 'failed', code: 'x' }, seal);
  await reconciler().reconcileHolds({ overdueSeconds: 3600 });
  expect((await findOrder(db, overdue.orderId))?.needsAttention).toEqual([]);
});

test('what the streams lack is published again in its order, and what they have is not', async () => {
  const { db } = database;
  const orders = [await confirmedOrder(), await confirmedOrder(), await confirmedOrder()];
  const longAgo = sql<Date>`now() - interval '1 hour'`;
  await sql`update orders.journal set recorded_at = ${longAgo}`.execute(db);
  const all = { afterJournalId: 0, sinceHours: 24 };
  const first = await reconciler().reconcileStreams(all);
  const ids = orders.map((orderId) => `${orderId}/OrderCreated/1`);
  expect(first.republished).toEqual(expect.arrayContaining(ids));
  expect((await reconciler().reconcileStreams(all)).republished).toEqual([]);

  // The streams are lost, and what remembers that the events were appended is not.
  for (const p of PARTITIONS) await redis.del(streamKey(p));
  // Two who find the loss at once: the Schedule's round, and a person's.
  const rounds = [1, 2, 3].map(() => reconciler().reconcileStreams(all));
  const again = (await Promise.all(rounds)).flatMap(({ republished }) => republished);
  expect(new Set(again)).toEqual(new Set(first.republished));
  expect((await streamIds()).sort()).toEqual([...first.republished].sort());
  const rows = await db.selectFrom('orders.journal').select(['event_id', 'event_body']).execute();
  const { event_id, event_body } = rows.find((row) => row.event_id === ids[0])!;
  const event = {
    id: event_id!,
    type: 'shop.order.created.v1',
    key: orders[0]!,
    body: event_body!,
  };
  expect(await publishOnce(redis, event)).toMatchObject({ appended: false });
});

test('money that is set aside late, for an order that has failed, is set free by itself', async () => {
  const { db } = database;
  const { orderId, totalMinor } = await savePendingOrder(db, lines);
  await openPayment(db, { orderId, amountMinor: totalMinor, currency: 'EUR' });
  await closeOrder(db, { orderId, status: 'failed', code: 'placement_deadline' }, seal);
  for (const capture_method of ['manual', 'automatic'] as const) {
    const late = await stripe.paymentIntents.create({
      ...{ amount: totalMinor, currency: 'eur', capture_method, confirm: true },
      ...{ payment_method: 'pm_card_visa', metadata: { orderId } },
    });
    const reconcile = createPaymentReconciler({ db, stripe });
    expect(await reconcile(late.id)).toMatch(/^late/);
    expect(await reconcile(late.id)).toMatch(/^(in order|late capture refunded)$/);
    const after = ledger.findIntent(late.id)!;
    const kept = after.amount_received - ledger.refunded(late.id);
    expect([kept, after.amount_capturable]).toEqual([0, 0]);
  }
});

test('an authorization that is gone needs a person, until one has decided about it', async () => {
  const { db } = database;
  const orderId = await confirmedOrder();
  await openPayment(db, { orderId, amountMinor: 1_000, currency: 'EUR' });
  const { id } = await stripe.paymentIntents.create({
    ...{ amount: 1_000, currency: 'eur', capture_method: 'manual', confirm: true },
    ...{ payment_method: 'pm_card_visa', metadata: { orderId } },
  });
  await sql`update payments.payments set state = 'authorized', intent_id = ${id}
            where order_id = ${orderId}`.execute(db);
  await stripe.paymentIntents.cancel(id);
  const reconcile = createPaymentReconciler({ db, stripe });
  const notes = async () => (await findOrder(db, orderId))!.needsAttention;
  expect(await reconcile(id)).toBe('authorization is gone: needs a person');
  expect(await notes()).toEqual(['look at the payment']);
  const made = { decisionId: 'd', verb: 'done', by: 'ada', why: 'paid in cash' };
  await settleByHand(db, orderId, { ...made, step: 'look at the payment' });
  await reconcile(id);
  expect(await notes()).toEqual([]);
});

test('a second intent of a confirmed order is set free, and the first one is left alone', async () => {
  const { db } = database;
  const orderId = await confirmedOrder();
  await openPayment(db, { orderId, amountMinor: 1_000, currency: 'EUR' });
  await sql`update payments.payments set state = 'authorized', intent_id = 'pi_own'
            where order_id = ${orderId}`.execute(db);
  const stray = await stripe.paymentIntents.create({
    ...{ amount: 1_000, currency: 'eur', capture_method: 'manual', confirm: true },
    ...{ payment_method: 'pm_card_visa', metadata: { orderId } },
  });
  const reconcile = createPaymentReconciler({ db, stripe });
  expect(await reconcile(stray.id)).toBe('late authorization set free');
  expect(ledger.findIntent(stray.id)?.status).toBe('canceled');
});

test('what contradicts itself is reported', async () => {
  const orderId = await confirmedOrder();
  const discrepancies = await reconciler().findDiscrepancies({ overdueSeconds: 0 });
  expect(discrepancies).toContainEqual({ orderId, kind: 'confirmed without captured money' });
});

import { randomUUID } from 'node:crypto';
import { stockProduct } from '../../dev/catalogue';
import { waitFor } from '../../dev/wait';
import { requestCancellation } from '../../db/cancellations';
import { confirmOrder, closeOrder } from '../../db/order-endings';
import { recordDecision } from '../../db/attention';
import { reserveStock } from '../../db/inventory';
import { ApiHarness, goodOrder } from './api-harness';
import { follow, type Following } from './follow';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 1_000);
});
const following: Following[] = [];
afterEach(() => following.splice(0).forEach(({ stop }) => stop()));
afterAll(() => api.close());

const WITHIN_MS = 5_000;
const seal = () => Promise.resolve('sealed');

async function place(): Promise<string> {
  const response = await api.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
  return ((await response.json()) as { id: string }).id;
}

async function confirm(orderId: string): Promise<void> {
  await reserveStock(api.database.db, orderId, [{ sku: 'TEA', quantity: 2 }]);
  await confirmOrder(api.database.db, orderId, seal);
}

async function open(orderId: string, headers: Record<string, string> = {}): Promise<Following> {
  const response = await api.request(`/v1/orders/${orderId}/events`, { headers });
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  const one = follow(response);
  following.push(one);
  return one;
}

const untilSent = (one: Following, count: number) =>
  waitFor(`${count} events`, WITHIN_MS, () => (one.sent.length >= count ? one.sent : undefined));

test('tells what happened and then what happens, without any worker, each once and in order', async () => {
  const orderId = await place();
  const one = await open(orderId);
  await untilSent(one, 1);
  await confirm(orderId);
  await requestCancellation(api.database.db, orderId, { tenant: 'shop' });
  const sent = await untilSent(one, 3);
  expect(sent.map(({ id, event, data }) => [id, event, data.sequence, data.name])).toEqual([
    ['1', 'OrderPlaced', 1, 'OrderPlaced'],
    ['2', 'OrderCreated', 2, 'OrderCreated'],
    ['3', 'CancellationRequested', 3, 'CancellationRequested'],
  ]);
});

test('a client that comes back with Last-Event-ID is told what it missed, and that alone', async () => {
  const orderId = await place();
  await confirm(orderId);
  const one = await open(orderId, { 'Last-Event-ID': '1' });
  expect((await untilSent(one, 1)).map(({ id }) => id)).toEqual(['2']);
});

test('says why an order ended, and nothing of what our people decided or the customer is', async () => {
  const orderId = await place();
  const decision = { decisionId: 'd1', verb: 'retry', step: 'x', by: 'bob', why: 'secret-reason' };
  await recordDecision(api.database.db, orderId, decision);
  await closeOrder(api.database.db, { orderId, status: 'rejected', code: 'out_of_stock' }, () =>
    Promise.resolve('sealed-contact'),
  );
  const one = await open(orderId);
  const sent = await untilSent(one, 2);
  expect(sent[1]!.data).toMatchObject({ name: 'OrderRejected', code: 'out_of_stock' });
  expect(JSON.stringify(sent)).not.toMatch(/secret-reason|bob|sealed|ada@example/);
});

test.each(['x', '-1', '1.5', '9'.repeat(20)])('Last-Event-ID %s is refused', async (id) => {
  const orderId = await place();
  const headers = { 'Last-Event-ID': id };
  expect((await api.request(`/v1/orders/${orderId}/events`, { headers })).status).toBe(400);
});

test('HEAD opens no stream', async () => {
  const orderId = await place();
  const response = await fetch(`${api.url}/v1/orders/${orderId}/events`, {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${api.key}` },
  });
  expect([response.status, await response.text()]).toEqual([200, '']);
});

test('one caller may have a hundred streams, and a place is free again when one is closed', async () => {
  const orderId = await place();
  const streams: Following[] = [];
  for (let i = 0; i < 100; i += 1) streams.push(await open(orderId));
  const refused = await api.request(`/v1/orders/${orderId}/events`);
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
  streams[0]!.stop();
  await waitFor('a place', WITHIN_MS, async () => {
    const response = await api.request(`/v1/orders/${orderId}/events`);
    if (response.status === 429) return undefined;
    following.push(follow(response));
    return true;
  });
});

test('a key that is revoked follows nothing any more within five seconds', async () => {
  const orderId = await place();
  const key = await api.makeKey({ scopes: ['orders'] });
  const one = await open(orderId, { Authorization: `Bearer ${key}` });
  await untilSent(one, 1);
  await api.request(`/v1/api-keys/key_${key.split('_')[1]}/revoke`, { method: 'POST' });
  const late = new Promise((resolve) => setTimeout(() => resolve('late'), WITHIN_MS).unref());
  expect(await Promise.race([one.ended, late])).toBe('ended');
});

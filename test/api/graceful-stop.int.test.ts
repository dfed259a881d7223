import { randomUUID } from 'node:crypto';
import { createServer, type AddressInfo } from 'node:net';
import { stockProduct } from '../../dev/catalogue';
import { waitFor } from '../../dev/wait';
import { openRaw, untilClosed } from '../security/raw-client';
import { ApiHarness, goodOrder } from './api-harness';
import { follow } from './follow';

/** The process has ten. */
const STOP_MS = 10_000;

let api: ApiHarness;
beforeEach(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 100);
});
afterEach(() => api.close());

test('a request that waits is answered, one that follows is told to come back, idle ones are closed', async () => {
  const waiting = api.post(goodOrder(), { 'Idempotency-Key': randomUUID(), Prefer: 'wait=30' });
  const [order] = await waitFor('the order', 5_000, async () => {
    const rows = await api.database.db.selectFrom('orders.orders').select('order_id').execute();
    return rows.length > 0 ? rows : undefined;
  });
  const following = follow(await api.request(`/v1/orders/${order!.order_id}/events`));
  await waitFor('the stream', 5_000, () => (following.sent.length > 0 ? true : undefined));
  const idle = openRaw(api.url);
  const idleClosed = untilClosed(idle);
  idle.write('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n');
  await new Promise((resolve) => idle.once('data', resolve));

  const startedAt = performance.now();
  await api.close();
  expect(performance.now() - startedAt).toBeLessThan(STOP_MS);
  const answer = await waiting;
  // No outcome yet, and no error either: the order is accepted.
  expect([answer.status, answer.headers.get('connection')]).toEqual([202, 'close']);
  expect(await following.ended).toBe('ended');
  expect((await idleClosed).text).toContain('200 OK');
});

test('while it stops it is not ready, and lets go of each connection after its answer', async () => {
  await api.service.beginToStop();
  const response = await api.request('/readyz');
  expect([response.status, response.headers.get('connection')]).toEqual([503, 'close']);
  expect(await response.json()).toMatchObject({ detail: 'not ready: stopping' });
});

test('who wants to follow an order of a process that stops is told to come back', async () => {
  const placed = await api.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
  const { id } = (await placed.json()) as { id: string };
  await api.service.beginToStop();
  const response = await api.request(`/v1/orders/${id}/events`);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a database that has fallen silent holds up no process that stops', async () => {
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as AddressInfo;
  const url = api.database.url.replace(/@[^/]+/, `@127.0.0.1:${port}`);
  const frozen = await ApiHarness.open(
    { database: { url, applicationName: 'test', onError: () => undefined } },
    api.database,
  );
  const startedAt = performance.now();
  await frozen.close({ keepsDatabase: true });
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  silent.close();
});

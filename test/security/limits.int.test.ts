import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { sql } from 'kysely';
import { stockProduct } from '../../dev/catalogue';
import { ApiHarness, goodOrder } from '../api/api-harness';
import { openRaw, untilClosed } from './raw-client';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 1_000);
});
afterAll(() => api.close());

function problemIn(text: string): unknown {
  expect(text).toMatch(/\r\nContent-Type: application\/problem\+json\r\n/i);
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
}

test.each([
  ['headers that never end', 'GET /livez HTTP/1.1\r\nHost: x\r\n', 4_000, 7_500],
  [
    'a body that never ends',
    `POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nContent-Type: application/json\r\n\r\n{`,
    9_000,
    12_500,
  ],
])('%s are given up in time, with 408', async (_, sent, min, max) => {
  const socket = openRaw(api.url);
  const closed = untilClosed(socket);
  socket.write(sent.replace('Host: x', `Host: x\r\nAuthorization: Bearer ${api.key}`));
  const { text, afterMs } = await closed;
  expect(text).toMatch(/^HTTP\/1\.1 408 /);
  expect(problemIn(text)).toMatchObject({ type: '/problems/request-timeout', status: 408 });
  expect(afterMs).toBeGreaterThan(min);
  expect(afterMs).toBeLessThan(max);
});

test('headers of more than 16 KB are 431, and what is no HTTP is 400, as problems', async () => {
  const ask = async (sent: string) => {
    const socket = openRaw(api.url);
    const closed = untilClosed(socket);
    socket.write(sent);
    return (await closed).text;
  };
  const large = await ask(`GET /livez HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
  expect(problemIn(large)).toMatchObject({ type: '/problems/header-too-large', status: 431 });
  expect(problemIn(await ask('HELLO\r\n\r\n'))).toMatchObject({ type: '/problems/bad-request' });
  const smuggled = 'POST /v1/orders HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n';
  const both = await ask(`${smuggled}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`);
  expect(problemIn(both)).toMatchObject({ status: 400 });
});

test.each([
  ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
  ['a whole URL', 'GET http://[a/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', 400],
  [
    'an expectation that nobody knows',
    'GET /livez HTTP/1.1\r\nHost: x\r\nExpect: gold\r\n\r\n',
    400,
  ],
  ['a tunnel', 'CONNECT x:1 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
])('a request with %s is refused as a problem', async (_, sent, status) => {
  const socket = openRaw(api.url);
  const closed = untilClosed(socket);
  socket.write(sent);
  expect(problemIn((await closed).text)).toMatchObject({ status });
});

test('a header counts, however many come before it', async () => {
  const socket = openRaw(api.url);
  const closed = untilClosed(socket);
  const many = Array.from({ length: 150 }, (_, i) => `X-${i}: y\r\n`).join('');
  const ask = `GET /v1/orders HTTP/1.1\r\nHost: x\r\n${many}Authorization: Bearer ${api.key}\r\n`;
  socket.write(`${ask}Connection: close\r\n\r\n`);
  expect((await closed).text).toMatch(/^HTTP\/1\.1 200 /);
});

test('what has its answer is given no second one when its body never comes', async () => {
  const socket = openRaw(api.url);
  const closed = untilClosed(socket);
  socket.write('GET /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc');
  const { text } = await closed;
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
  expect(text).toMatch(/^HTTP\/1\.1 200 /);
});

test('a URL that is longer than any is 414', async () => {
  const response = await api.request(`/v1/orders?status=${'x'.repeat(2_100)}`);
  expect([response.status, await response.json()]).toMatchObject([
    ...[414, { type: '/problems/uri-too-long' }],
  ]);
});

const packed = (body: Buffer, encoding = 'gzip') =>
  api.request('/v1/orders', {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Content-Encoding': encoding,
      'Idempotency-Key': randomUUID(),
    },
    body: new Uint8Array(body),
  });

test('a packed body is unpacked, up to what a body may be', async () => {
  expect((await packed(gzipSync(JSON.stringify(goodOrder())))).status).toBe(202);
  // 64 MB in 64 KB.
  const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
  const before = process.memoryUsage().rss;
  const startedAt = performance.now();
  expect((await packed(bomb)).status).toBe(413);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(process.memoryUsage().rss - before).toBeLessThan(48 * 1024 * 1024);
});

test.each([
  ['that is none', Buffer.from('no gzip'), 'gzip', 400],
  ['of a kind that nobody knows', Buffer.from('{}'), 'zstd-9', 415],
])('a packed body %s is refused', async (_, body, encoding, status) => {
  expect((await packed(body, encoding)).status).toBe(status);
});

test.each([
  [
    'regular expressions of all fields',
    (pump: string) => ({ ...goodOrder(), paymentMethod: pump }),
  ],
  ['mail addresses', (pump: string) => ({ ...goodOrder(), customer: { id: 'c', email: pump } })],
])('text of 60 KB costs the %s no time', async (_, make) => {
  for (const pump of ['a'.repeat(60_000), `${'a.'.repeat(30_000)}@`, `pm_${'_'.repeat(60_000)}!`]) {
    const startedAt = performance.now();
    expect((await api.post(make(pump))).status).toBe(422);
    expect(performance.now() - startedAt).toBeLessThan(500);
  }
});

test.each([
  'Authorization',
  'Prefer',
  'Idempotency-Key',
  'traceparent',
  'Request-Id',
  'Last-Event-ID',
])('a header %s of 12 KB costs no time', async (name) => {
  for (const pump of [' '.repeat(6_000) + ',', 'wait='.repeat(2_400), '0-'.repeat(6_000)]) {
    const startedAt = performance.now();
    await api.post(goodOrder(), { [name]: `x${pump}x` });
    expect(performance.now() - startedAt).toBeLessThan(500);
  }
});

describe('while too many orders wait', () => {
  const overloaded = () =>
    ApiHarness.open({ admission: { maxPending: 1, maxWaitSeconds: 600 } }, api.database);

  test('new ones are refused with 503 and Retry-After, and what was accepted is answered as before', async () => {
    const body = goodOrder();
    const first = await api.post(body, { 'Idempotency-Key': 'before' });
    const accepted: unknown = await first.json();
    await api.post(body, { 'Idempotency-Key': 'before-2' });
    const guarded = await overloaded();
    try {
      const refused = await guarded.post(body, { 'Idempotency-Key': 'now' });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
      expect(await refused.json()).toMatchObject({ type: '/problems/overloaded' });
      const replay = await guarded.post(body, { 'Idempotency-Key': 'before' });
      expect([replay.status, await replay.json()]).toEqual([202, accepted]);
      expect((await guarded.request('/v1/orders')).status).toBe(200);
    } finally {
      await guarded.close({ keepsDatabase: true });
    }
  });

  test.each([
    [
      'whose saga nobody has begun',
      sql`update orders.orders set created_at = now() - interval '11 minutes'`,
      sql`update orders.orders set created_at = now()`,
    ],
    [
      'that are pending, begun or not',
      sql`update orders.orders set created_at = now() - interval '11 minutes', saga_started_at = now()`,
      sql`update orders.orders set created_at = now()`,
    ],
    [
      'whose tasks wait in the queue',
      sql`insert into orders.task_queue_backlog values ('orders', 5000, 700)`,
      sql`update orders.task_queue_backlog set seen_at = now() - interval '1 minute'`,
    ],
  ])('so also when there are orders %s for too long', async (_, begin, end) => {
    const limits = { admission: { maxPending: 100_000, maxWaitSeconds: 600 } };
    const place = async () => {
      const guarded = await ApiHarness.open(limits, api.database);
      const response = await guarded.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
      await guarded.close({ keepsDatabase: true });
      return response.status;
    };
    for (let i = 0; i < 25; i += 1)
      await api.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
    await begin.execute(api.database.db);
    expect(await place()).toBe(503);
    await end.execute(api.database.db);
    expect(await place()).toBe(202);
  });
});

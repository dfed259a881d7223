import { Writable } from 'node:stream';
import { pino } from 'pino';
import { ApiHarness, goodOrder } from '../api/api-harness';
import { stockProduct } from '../../dev/catalogue';

const lines: string[] = [];
const log = new Writable({
  write(chunk: Buffer, _, done) {
    lines.push(chunk.toString());
    done();
  },
});

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open({
    logger: pino({}, log),
    corsOrigins: ['https://shop.example'],
  });
  await stockProduct(api.database.db, 'TEA', 100);
});
afterAll(() => api.close());

test.each(['/livez', '/v1/orders', '/nothing', '/docs'])(
  '%s has the headers of security',
  async (path) => {
    const { headers } = await api.request(path);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    // TLS ends elsewhere, and over plain HTTP this would lock browsers out.
    expect(headers.get('strict-transport-security')).toBeNull();
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('request-id')).toMatch(/^req_/);
  },
);

test('behind a proxy, which speaks TLS, browsers are told to insist on it', async () => {
  const behind = await ApiHarness.open({ trustedProxies: 1 });
  try {
    const { headers } = await behind.request('/livez');
    expect(headers.get('strict-transport-security')).toMatch(/^max-age=31536000/);
  } finally {
    await behind.close();
  }
});

test('pages of allowed origins may call, also to read a refusal; those of others may not', async () => {
  const ask = async (origin: string, method = 'GET') =>
    api.request('/v1/orders', {
      method,
      headers: { Origin: origin, 'Access-Control-Request-Method': 'POST', Authorization: '' },
    });
  const preflight = await ask('https://shop.example', 'OPTIONS');
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  expect(preflight.headers.get('access-control-allow-headers')).toContain('Idempotency-Key');
  expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
  const refused = await ask('https://shop.example');
  expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([
    ...[401, 'https://shop.example'],
  ]);
  for (const origin of ['https://evil.example', 'https://shop.example.evil.example', 'null']) {
    for (const method of ['GET', 'OPTIONS']) {
      expect((await ask(origin, method)).headers.get('access-control-allow-origin')).toBeNull();
    }
  }
});

test.each([
  ['GET', '/v1/orders'],
  ['GET', '/livez'],
  ['GET', '/docs'],
])('HEAD is %s of %s without a body', async (_, path) => {
  const [got, head] = [await api.request(path), await api.request(path, { method: 'HEAD' })];
  expect([head.status, await head.text()]).toEqual([got.status, '']);
  expect(head.headers.get('content-type')).toBe(got.headers.get('content-type'));
});

test.each([
  ['/v1/orders', 'DELETE', ['GET', 'HEAD', 'POST']],
  ['/v1/orders/ord_019ac6f0-0000-7000-8000-000000000000', 'PUT', ['GET', 'HEAD']],
  ['/v1/products/TEA', 'POST', ['GET', 'HEAD', 'PUT']],
  ['/v1/api-keys', 'PATCH', ['GET', 'HEAD', 'POST']],
])('%s says what it supports when it is asked to %s', async (path, method, allowed) => {
  const response = await api.request(path, { method });
  expect(response.status).toBe(405);
  expect(response.headers.get('allow')!.split(', ').sort()).toEqual(allowed);
  const options = await api.request(path, { method: 'OPTIONS' });
  expect(options.headers.get('allow')!.split(', ').sort()).toEqual(allowed);
});

test('whatever a client sends stays on one line of the log, and its key is on none', async () => {
  lines.length = 0;
  const evil = 'x\u2028\u001b[31m"}';
  await api.post({
    ...goodOrder(),
    customer: { id: evil, email: `${evil}@example.com`, name: evil },
  });
  await api.post(goodOrder(), { 'Idempotency-Key': 'canary-key', 'Request-Id': 'a b' });
  await api.request(`/v1/orders/%0d%0aevil%1b[31m`);
  const all = lines.join('');
  expect(lines.length).toBeGreaterThan(2);
  for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  expect(all).not.toMatch(/[\u001b\u2028]/);
  expect(all).not.toContain(api.key.slice(-20));
  expect(all).not.toMatch(/ada@example\.com|pm_card/);
});

test('a mistake of ours tells nothing of itself but the id under which it is written down', async () => {
  const broken = await ApiHarness.open({
    logger: pino({}, log),
    failing: () => Promise.reject(new Error('select secret from somewhere')),
  });
  try {
    lines.length = 0;
    const response = await broken.request('/readyz');
    const body = await response.text();
    expect(response.status).toBe(500);
    expect(body).not.toMatch(/select|secret|Error|\.ts/);
    const { instance } = JSON.parse(body) as { instance: string };
    const written = lines.find((line) => line.includes(instance) && line.includes('select secret'));
    expect(written).toBeDefined();
  } finally {
    await broken.close();
  }
});

test('a trace that a client sends is the trace of its order, and what is none is none', async () => {
  const trace = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const traceOf = async (key: string, traceparent: string) => {
    const response = await api.post(goodOrder(), { 'Idempotency-Key': key, traceparent });
    const { id } = (await response.json()) as { id: string };
    const query = api.database.db.selectFrom('orders.orders').select('traceparent');
    return (await query.where('order_id', '=', id).executeTakeFirstOrThrow()).traceparent;
  };
  expect(await traceOf('traced', trace)).toBe(trace);
  expect(await traceOf('untraced', `${trace}; drop`)).toBeNull();
});

test("a page for each problem's type, and one of the API, with nothing from elsewhere", async () => {
  const problem = await api.request('/problems/idempotency-key-reused');
  expect(await problem.text()).toContain('Idempotency-Key was used with another body');
  expect((await api.request('/problems/nothing')).status).toBe(404);
  const page = await (await api.request('/docs')).text();
  const files = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, file]) => file!);
  expect(files).toHaveLength(4);
  for (const file of files) {
    expect(file).toMatch(/^\/docs\//);
    const response = await api.request(file, { headers: { Authorization: '' } });
    expect(response.status).toBe(200);
  }
  expect((await api.request('/docs/package.json')).status).toBe(404);
  expect((await api.request('/docs/..%2fpackage.json')).status).toBe(404);
});

import { randomUUID } from 'node:crypto';
import { ApiHarness, goodOrder, type HarnessOptions } from '../api/api-harness';

const MANY = 1_000_000;
const open: ApiHarness[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((api) => api.close()));
});

async function openApi(options: HarnessOptions): Promise<ApiHarness> {
  const api = await ApiHarness.open(options);
  open.push(api);
  return api;
}

/** A counter of Redis's that does not work. */
const away = { eval: () => Promise.reject(new Error('Redis is away')) };
const hanging = { eval: () => new Promise(() => undefined) };

async function statuses(api: ApiHarness, count: number, headers: Record<string, string> = {}) {
  const answers: number[] = [];
  for (let i = 0; i < count; i += 1) {
    answers.push((await api.request('/v1/orders', { headers })).status);
  }
  return answers;
}

test('a key has its share, is told when it may ask again, and takes none of another key', async () => {
  const api = await openApi({ rateLimits: { perCaller: 3, perAddress: MANY } });
  expect(await statuses(api, 4)).toEqual([200, 200, 200, 429]);
  const refused = await api.request('/v1/orders');
  expect(await refused.json()).toMatchObject({ type: '/problems/too-many-requests' });
  const seconds = Number(refused.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(10);
  const other = { Authorization: `Bearer ${await api.makeKey({})}` };
  expect(await statuses(api, 1, other)).toEqual([200]);
});

test('two processes count together', async () => {
  const settings = { rateLimits: { perCaller: 4, perAddress: MANY } };
  const one = await openApi(settings);
  const two = await ApiHarness.open(settings, one.database);
  try {
    const key = { Authorization: `Bearer ${one.key}` };
    expect(await statuses(one, 2, key)).toEqual([200, 200]);
    expect(await statuses(two, 3, key)).toEqual([200, 200, 429]);
  } finally {
    await two.close({ keepsDatabase: true });
  }
});

test('what is refused for its rate has no effect and keeps no idempotency key', async () => {
  const api = await openApi({ rateLimits: { perCaller: 1, perAddress: MANY } });
  await statuses(api, 1);
  const response = await api.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
  expect(response.status).toBe(429);
  expect(await api.countOrders()).toBe(0);
});

test.each([
  ['is away', away],
  ['hangs', hanging],
])(
  'while Redis %s requests are answered soon, and counted by the process itself',
  async (_, redis) => {
    const api = await openApi({ redis, rateLimits: { perCaller: 20, perAddress: MANY } });
    const startedAt = performance.now();
    expect((await statuses(api, 21)).slice(18)).toEqual([200, 200, 429]);
    // The counter is waited for once and then left alone, not twice for each request.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  },
);

test('an address has its share, whatever it says of itself', async () => {
  const api = await openApi({ rateLimits: { perCaller: MANY, perAddress: 3 }, redis: away });
  const told: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    const headers = { 'X-Forwarded-For': `198.51.100.${i}`, Authorization: '' };
    told.push((await api.request('/problems/forbidden', { headers })).status);
  }
  expect(told).toEqual([200, 200, 200, 429, 429]);
});

test('behind a proxy of ours the address is what the proxy says, not what the client wrote before it', async () => {
  const api = await openApi({
    ...{ rateLimits: { perCaller: MANY, perAddress: 2 }, redis: away, trustedProxies: 1 },
  });
  const ask = async (forwarded: string) =>
    (await api.request('/problems/forbidden', { headers: { 'X-Forwarded-For': forwarded } }))
      .status;
  const spoofed = [0, 1, 2, 3].map((i) => `198.51.100.${i}, 203.0.113.7`);
  const told: number[] = [];
  for (const forwarded of spoofed) told.push(await ask(forwarded));
  expect(told).toEqual([200, 200, 429, 429]);
  expect(await ask('203.0.113.8')).toBe(200);
  // One network of IPv6 addresses is one client.
  expect([await ask('2001:db8::1'), await ask('2001:db8::2'), await ask('2001:db8::3')]).toEqual([
    ...[200, 200, 429],
  ]);
});

test('probes are answered however much else comes from their address', async () => {
  const api = await openApi({ rateLimits: { perCaller: MANY, perAddress: 1 }, redis: away });
  const told = [];
  for (const path of [
    '/problems/forbidden',
    '/problems/forbidden',
    '/livez',
    '/readyz',
    '/livez',
  ]) {
    told.push((await api.request(path)).status);
  }
  expect(told).toEqual([200, 429, 200, 200, 200]);
});

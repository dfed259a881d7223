import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { SCOPES } from '../../api/callers/scopes';
import { API, type ApiOperation } from '../../dev/contract/check-answer';
import { ApiHarness, goodOrder } from '../api/api-harness';
import { stockProduct } from '../../dev/catalogue';

/** What is there to be asked for, all of it the tenant `shop`'s and its customer `cus_1`'s. */
interface World {
  readonly orderId: string;
  readonly endpointId: string;
  readonly deliveryId: number;
  readonly keyId: string;
}

/** A request of an operation that is good in every way, and what it is answered. */
interface Example {
  readonly path: (world: World) => string;
  /** The same for a thing that there is not; undefined where no path names a thing of a tenant's. */
  readonly missing?: string;
  readonly body?: () => unknown;
  readonly headers?: () => Record<string, string>;
  readonly ok: number;
}

const NO_ORDER = 'ord_00000000-0000-7000-8000-000000000000';
const NO_ENDPOINT = 'whe_00000000-0000-4000-8000-000000000000';
const once = () => ({ 'Idempotency-Key': randomUUID() });
const ofEndpoint = (rest: string, ok: number): Example => ({
  path: ({ endpointId }) => `/v1/webhook-endpoints/${endpointId}${rest}`,
  missing: `/v1/webhook-endpoints/${NO_ENDPOINT}${rest}`,
  ok,
});

/** One for each operation that is not public. */
const EXAMPLES: Readonly<Record<string, Example>> = {
  placeOrder: { path: () => '/v1/orders', body: goodOrder, headers: once, ok: 202 },
  listOrders: { path: () => '/v1/orders', ok: 200 },
  getOrder: {
    path: ({ orderId }) => `/v1/orders/${orderId}`,
    missing: `/v1/orders/${NO_ORDER}`,
    ok: 200,
  },
  cancelOrder: {
    path: ({ orderId }) => `/v1/orders/${orderId}/cancel`,
    missing: `/v1/orders/${NO_ORDER}/cancel`,
    ok: 202,
  },
  followOrder: {
    path: ({ orderId }) => `/v1/orders/${orderId}/events`,
    missing: `/v1/orders/${NO_ORDER}/events`,
    ok: 200,
  },
  // Operators see all tenants: the scope is the only door.
  getOverview: { path: () => '/v1/ops/overview', ok: 200 },
  watchOverview: { path: () => '/v1/ops/overview/events', ok: 200 },
  getSeries: { path: () => '/v1/ops/series', ok: 200 },
  getXray: { path: ({ orderId }) => `/v1/ops/orders/${orderId}/xray`, ok: 200 },
  runCommand: { path: () => '/v1/ops/commands', body: () => ({ command: 'audit list' }), ok: 200 },
  getRoom: { path: () => '/v1/ops/room', ok: 200 },
  listProducts: { path: () => '/v1/products', ok: 200 },
  getProduct: { path: () => '/v1/products/TEA', ok: 200 },
  saveProduct: {
    path: () => '/v1/products/CUP',
    body: () => ({ name: 'Cup', unitPriceMinor: 100, currency: 'EUR' }),
    ok: 201,
  },
  listRecommendations: { path: () => '/v1/products/TEA/recommendations', ok: 200 },
  getStock: { path: () => '/v1/products/TEA/stock', ok: 200 },
  changeStock: {
    path: () => '/v1/products/TEA/stock-changes',
    body: () => ({ kind: 'adjust', delta: 1, reason: 'found' }),
    headers: once,
    ok: 201,
  },
  listStockChanges: { path: () => '/v1/products/TEA/stock-changes', ok: 200 },
  // Points of a customer whom a tenant does not know are none, like those of one who never ordered.
  getLoyaltyBalance: { path: () => '/v1/customers/cus_1/loyalty', ok: 200 },
  registerWebhookEndpoint: {
    path: () => '/v1/webhook-endpoints',
    body: () => ({ url: 'https://shop.example/hook', contactEmail: 'it@example.com' }),
    ok: 201,
  },
  listWebhookEndpoints: { path: () => '/v1/webhook-endpoints', ok: 200 },
  getWebhookEndpoint: ofEndpoint('', 200),
  enableWebhookEndpoint: ofEndpoint('/enable', 200),
  rotateWebhookSecret: ofEndpoint('/rotate-secret', 200),
  listWebhookDeliveries: ofEndpoint('/deliveries', 200),
  redeliverWebhook: {
    path: (world) =>
      `/v1/webhook-endpoints/${world.endpointId}/deliveries/${world.deliveryId}/redeliver`,
    missing: `/v1/webhook-endpoints/${NO_ENDPOINT}/deliveries/1/redeliver`,
    ok: 202,
  },
  deleteWebhookEndpoint: ofEndpoint('', 204),
  createApiKey: {
    path: () => '/v1/api-keys',
    body: () => ({ name: randomUUID(), scopes: ['orders'] }),
    ok: 201,
  },
  listApiKeys: { path: () => '/v1/api-keys', ok: 200 },
  revokeApiKey: { path: ({ keyId }) => `/v1/api-keys/${keyId}/revoke`, ok: 200 },
};

interface Guarded {
  readonly id: string;
  readonly method: string;
  readonly scopes: readonly string[];
}

const GUARDED: readonly Guarded[] = Object.values(API.paths)
  .flatMap((methods) => Object.entries(methods))
  .filter(([, { security }]) => security.length > 0)
  .map(([method, { operationId: id, security }]: [string, ApiOperation]) => ({
    ...{ id, method: method.toUpperCase() },
    scopes: security.map(({ bearer }) => bearer[0]!),
  }));

let api: ApiHarness;
let world: World;
/** The owner of everything. */
let admin: ReturnType<ApiHarness['database']['connect']>;
beforeAll(async () => {
  api = await ApiHarness.open();
  admin = api.database.connect({});
  await stockProduct(api.database.db, 'TEA', 100);
});
beforeEach(async () => {
  world = await createWorld();
});
afterAll(() => api.close());

async function createWorld(): Promise<World> {
  await sql`update webhooks.endpoints set state = 'deleted'`.execute(admin);
  await sql`delete from access.api_keys where key_id <> ${`key_${api.key.split('_')[1]}`}`.execute(
    admin,
  );
  const placed = await api.post(goodOrder(), once());
  const { id: orderId } = (await placed.json()) as { id: string };
  const registered = await send('POST', EXAMPLES['registerWebhookEndpoint']!, api.key);
  const { id: endpointId } = (await registered.json()) as { id: string };
  const { rows } = await sql<{ id: number }>`
    insert into webhooks.deliveries (endpoint_id, event_id, event_type, body)
    values (${endpointId}, ${randomUUID()}, 't', '{}') returning delivery_id as id`.execute(admin);
  const key = await api.makeKey({ scopes: ['orders'] });
  const keyId = `key_${key.split('_')[1]}`;
  await sql`delete from inventory.stock where sku = 'CUP'`.execute(admin);
  await sql`delete from inventory.products where sku = 'CUP'`.execute(admin);
  return { orderId, endpointId, deliveryId: rows[0]!.id, keyId };
}

function send(
  method: string,
  example: Example,
  key: string | undefined,
  path?: string,
): Promise<Response> {
  const body = example.body?.();
  return api.request(path ?? example.path(world), {
    method,
    signal: AbortSignal.timeout(5_000),
    headers: {
      Authorization: key === undefined ? '' : `Bearer ${key}`,
      ...example.headers?.(),
      ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** The status, without waiting for what follows. */
async function statusOf(response: Promise<Response>): Promise<number> {
  const { status, body } = await response;
  if (!body?.locked) await body?.cancel().catch(() => undefined);
  return status;
}

test('every operation that is not public has an example here, and nothing else has', () => {
  expect(Object.keys(EXAMPLES).sort()).toEqual(GUARDED.map(({ id }) => id).sort());
});

test.each(GUARDED)('$id lets nobody in without a key, or with one that is none', async (route) => {
  const revoked = await api.makeKey({});
  await sql`
    update access.api_keys set revoked_at = now(), revoked_by = 'test'
    where key_id = ${`key_${revoked.split('_')[1]}`}`.execute(api.database.db);
  const expired = await api.makeKey({ expiresAt: new Date(Date.now() - 1_000) });
  const otherSecret = `${api.key.slice(0, -1)}${api.key.endsWith('A') ? 'B' : 'A'}`;
  for (const key of [undefined, revoked, expired, otherSecret, 'tdm_x', 'a.b.c']) {
    expect(await statusOf(send(route.method, EXAMPLES[route.id]!, key))).toBe(401);
  }
});

const PAIRS = GUARDED.flatMap((route) => SCOPES.map((scope) => ({ ...route, scope })));
test.each(PAIRS)('$id with the scope $scope alone', async ({ id, method, scopes, scope }) => {
  const key = await api.makeKey({ scopes: [scope] });
  const example = EXAMPLES[id]!;
  const expected = scopes.includes(scope) ? example.ok : 403;
  expect(await statusOf(send(method, example, key))).toBe(expected);
});

const OWNED = GUARDED.filter(({ id }) => EXAMPLES[id]!.missing !== undefined);
test.each(OWNED)("$id: another's is answered like one that there is not", async (route) => {
  const { missing } = EXAMPLES[route.id]!;
  const strangers = [await api.makeKey({ tenant: 'other' })];
  if (route.scopes.includes('orders')) {
    strangers.push(await api.makeKey({ customerId: 'cus_2', scopes: ['orders'] }));
  }
  for (const key of strangers) {
    const theirs = await send(route.method, EXAMPLES[route.id]!, key);
    const none = await send(route.method, EXAMPLES[route.id]!, key, missing);
    expect([theirs.status, await sameParts(theirs)]).toEqual([404, await sameParts(none)]);
  }
  expect(await statusOf(send(route.method, EXAMPLES[route.id]!, api.key))).toBe(
    EXAMPLES[route.id]!.ok,
  );
});

/** All of an answer but what no two have alike. */
async function sameParts(response: Response): Promise<unknown> {
  const changing = ['request-id', 'date', 'ratelimit-remaining', 'ratelimit-reset', 'etag'];
  const headers = [...response.headers].filter(([name]) => !changing.includes(name));
  const { instance, ...problem } = (await response.json()) as Record<string, unknown>;
  expect(instance).toBeDefined();
  return { headers, problem };
}

test('lists show nothing of another tenant, and a customer nothing of another customer', async () => {
  const [stranger, customer, own] = [
    await api.makeKey({ tenant: 'other' }),
    await api.makeKey({ customerId: 'cus_2', scopes: ['orders'] }),
    await api.makeKey({ customerId: 'cus_1', scopes: ['orders'] }),
  ];
  for (const key of [stranger, customer]) {
    const list = await send('GET', EXAMPLES['listOrders']!, key);
    expect(await list.json()).toEqual({ object: 'list', data: [], has_more: false });
  }
  const mine = (await (await send('GET', EXAMPLES['listOrders']!, own)).json()) as {
    data: object[];
  };
  expect(mine.data.length).toBeGreaterThan(0);
  const endpoints = await send('GET', EXAMPLES['listWebhookEndpoints']!, stranger);
  expect(await endpoints.json()).toEqual({ object: 'list', data: [], has_more: false });
});

test('a key that is bound to a customer orders for that customer alone, and sees only his points', async () => {
  const key = await api.makeKey({ customerId: 'cus_1', scopes: ['orders'] });
  expect(await statusOf(send('POST', EXAMPLES['placeOrder']!, key))).toBe(202);
  const body = () => ({ ...goodOrder(), customer: { id: 'cus_2', email: 'b@example.com' } });
  expect(await statusOf(send('POST', { ...EXAMPLES['placeOrder']!, body }, key))).toBe(403);
  const points = EXAMPLES['getLoyaltyBalance']!;
  expect(await statusOf(send('GET', points, key))).toBe(200);
  expect(await statusOf(send('GET', points, key, '/v1/customers/cus_2/loyalty'))).toBe(404);
});

test('the same Idempotency-Key of another tenant, or of a customer, is another key', async () => {
  const headers = () => ({ 'Idempotency-Key': 'shared' });
  const keys = [
    api.key,
    await api.makeKey({ tenant: 'other' }),
    await api.makeKey({ customerId: 'cus_1', scopes: ['orders'] }),
  ];
  const ids = await Promise.all(
    keys.map(async (key) => {
      const response = await send('POST', { ...EXAMPLES['placeOrder']!, headers }, key);
      expect([response.status, response.headers.get('idempotent-replayed')]).toEqual([202, null]);
      return ((await response.json()) as { id: string }).id;
    }),
  );
  expect(new Set(ids).size).toBe(3);
});

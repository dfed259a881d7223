import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { stockProduct } from '../../dev/catalogue';
import { reserveStock } from '../../db/inventory';
import { ApiHarness } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 10);
});
afterAll(() => api.close());

async function send(method: string, path: string, body?: unknown, key: string = randomUUID()) {
  const response = await api.request(`/v1/products${path}`, {
    method,
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return {
    response,
    status: response.status,
    body: (await response.json()) as Record<string, never>,
  };
}

const POT = { name: 'Pot', unitPriceMinor: 5_900, currency: 'EUR', lowStockThreshold: 2 };
const change = (sku: string, wanted: object, key?: string) =>
  send('POST', `/${sku}/stock-changes`, { reason: 'counted', ...wanted }, key);

test('a product is added with nothing on the shelf, changed, and said to be low', async () => {
  const added = await send('PUT', '/JUG', POT);
  expect([added.status, added.body]).toMatchObject([
    201,
    { sku: 'JUG', available: 0, isLow: true },
  ]);
  expect((await change('JUG', { kind: 'set', onHand: 5 })).status).toBe(201);
  const changed = await send('PUT', '/JUG', { ...POT, unitPriceMinor: 6_000 });
  expect([changed.status, changed.body]).toMatchObject([
    ...[200, { unitPriceMinor: 6_000, available: 5, isLow: false }],
  ]);
  expect((await send('GET', '/JUG')).body).toEqual(changed.body);
  const low = await send('GET', '?low_stock=true');
  expect(JSON.stringify(low.body)).not.toContain('JUG');
  await change('JUG', { kind: 'adjust', delta: -3 });
  expect(JSON.stringify((await send('GET', '?low_stock=true')).body)).toContain('JUG');
});

test('stock is changed once a key, also twenty times at once, and the change is on record', async () => {
  const key = randomUUID();
  const wanted = { kind: 'adjust', delta: 7 };
  const answers = await Promise.all(Array.from({ length: 20 }, () => change('TEA', wanted, key)));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  const replays = answers.filter(({ status }) => status === 200);
  expect(replays).toHaveLength(19);
  for (const { response } of replays) {
    expect(response.headers.get('idempotent-replayed')).toBe('true');
  }
  expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  expect((await send('GET', '/TEA/stock')).body).toMatchObject({ onHand: 17 });
  const list = await send('GET', '/TEA/stock-changes');
  expect(list.body).toMatchObject({ data: [{ delta: 7, onHand: 17, reason: 'counted' }] });
  expect((await change('TEA', { kind: 'adjust', delta: 8 }, key)).status).toBe(422);
});

test('stock never goes below what is promised to orders', async () => {
  await stockProduct(api.database.db, 'CUP', 10);
  await reserveStock(api.database.db, 'order-1', [{ sku: 'CUP', quantity: 4 }]);
  const refused = await change('CUP', { kind: 'set', onHand: 3 });
  expect([refused.status, refused.body]).toMatchObject([
    ...[409, { type: '/problems/not-enough-stock' }],
  ]);
  expect((await change('CUP', { kind: 'adjust', delta: -7 })).status).toBe(409);
  expect((await change('CUP', { kind: 'set', onHand: 4 })).status).toBe(201);
  expect((await send('GET', '/CUP/stock')).body).toMatchObject({
    ...{ onHand: 4, reserved: 4, available: 0 },
  });
});

test('the record of changes is read page by page, the latest first', async () => {
  await stockProduct(api.database.db, 'MUG', 0);
  for (let i = 1; i <= 3; i += 1) await change('MUG', { kind: 'adjust', delta: i });
  interface Page {
    data: { id: number; delta: number }[];
    has_more: boolean;
  }
  const first = (await send('GET', '/MUG/stock-changes?limit=2')).body as unknown as Page;
  expect([first.data.map(({ delta }) => delta), first.has_more]).toEqual([[3, 2], true]);
  const path = `/MUG/stock-changes?starting_after=${first.data[1]!.id}`;
  const rest = (await send('GET', path)).body as unknown as Page;
  expect([rest.data.map(({ delta }) => delta), rest.has_more]).toEqual([[1], false]);
});

test.each([
  ['/TEA/stock-changes', { kind: 'adjust', delta: 0.5, reason: 'x' }],
  ['/TEA/stock-changes', { kind: 'adjust', delta: 2e9, reason: 'x' }],
  ['/TEA/stock-changes', { kind: 'set', onHand: -1, reason: 'x' }],
  ['/TEA/stock-changes', { kind: 'set', onHand: 1 }],
  ['/TEA/stock-changes', { kind: 'set', onHand: 1, reason: 'a\nb' }],
  ['/TEA/stock-changes', { kind: 'steal', reason: 'x' }],
  ['/TEA/stock-changes', null],
])('%s with %j is refused and changes nothing', async (path, body) => {
  const before = await sql`select * from inventory.stock order by sku`.execute(api.database.db);
  expect((await send('POST', path, body)).status).toBeGreaterThanOrEqual(400);
  const after = await sql`select * from inventory.stock order by sku`.execute(api.database.db);
  expect(after.rows).toEqual(before.rows);
});

test('so many that no shelf holds them are refused', async () => {
  await stockProduct(api.database.db, 'SAND', 1_000_000_000);
  expect((await change('SAND', { kind: 'adjust', delta: 1 })).status).toBe(422);
});

test.each([
  { ...POT, unitPriceMinor: -1 },
  { ...POT, unitPriceMinor: 1e12 },
  { ...POT, currency: 'euro' },
  { ...POT, name: '' },
  { ...POT, available: 9 },
])('the product %j is refused', async (body) => {
  expect((await send('PUT', '/BAD', body)).status).toBe(422);
  expect((await send('GET', '/BAD')).status).toBe(404);
});

test('while another holds the shelf for too long a change is told to come back, and nothing is changed', async () => {
  await stockProduct(api.database.db, 'JAR', 5);
  await api.database.db.transaction().execute(async (tx) => {
    await sql`select 1 from inventory.stock where sku = 'JAR' for update`.execute(tx);
    const { response, body } = await change('JAR', { kind: 'adjust', delta: 1 });
    expect([response.status, response.headers.get('retry-after'), body]).toMatchObject([
      ...[409, '1', { type: '/problems/request-in-progress' }],
    ]);
  });
  expect((await send('GET', '/JAR/stock')).body).toMatchObject({ onHand: 5 });
});

test('a currency that there is not, and half of a character, are refused', async () => {
  expect((await send('PUT', '/BAD', { ...POT, currency: 'ZZZ' })).status).toBe(422);
  expect((await send('PUT', '/BAD', { ...POT, name: 'x\ud800' })).status).toBe(422);
});

test('the catalogue is one for all tenants: whoever keeps it keeps it for all', async () => {
  const headers = { Authorization: `Bearer ${await api.makeKey({ tenant: 'other' })}` };
  const response = await api.request('/v1/products/TEA', { headers });
  expect(response.status).toBe(200);
});

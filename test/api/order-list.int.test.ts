import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import { stockProduct } from '../../dev/catalogue';
import { ApiHarness, goodOrder } from './api-harness';

let api: ApiHarness;
/** In the order in which they were placed. */
const ids: string[] = [];
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 1_000);
  for (let i = 0; i < 7; i += 1) {
    const order = { ...goodOrder(), customer: { id: `cus_${i % 2}`, email: 'a@example.com' } };
    const response = await api.post(order, { 'Idempotency-Key': randomUUID() });
    ids.push(((await response.json()) as { id: string }).id);
  }
  await sql`
    update orders.orders set status = 'failed', outcome_code = 'placement_deadline'
    where order_id = ${ids[2]!}`.execute(api.database.db);
  await sql`
    update orders.orders set created_at = '2026-01-01T00:00:00Z' where order_id = ${ids[0]!}`.execute(
    api.database.db,
  );
});
afterAll(() => api.close());

interface Page {
  readonly data: { readonly id: string }[];
  readonly has_more: boolean;
}

async function list(query = ''): Promise<Page> {
  return (await (await api.request(`/v1/orders${query}`)).json()) as Page;
}

const listed = async (query: string) => (await list(query)).data.map(({ id }) => id);
const latestFirst = [6, 5, 4, 3, 2, 1, 0];
const named = (...places: number[]) => places.map((place) => ids[place]!);

test('orders come the latest first, each once over all pages', async () => {
  const seen: string[] = [];
  let page = await list('?limit=3');
  seen.push(...page.data.map(({ id }) => id));
  while (page.has_more) {
    page = await list(`?limit=3&starting_after=${seen.at(-1)}`);
    seen.push(...page.data.map(({ id }) => id));
  }
  expect(seen).toEqual(named(...latestFirst));
});

test('an order that is placed between two pages moves none of them', async () => {
  const first = await list('?limit=3');
  await api.post(goodOrder(), { 'Idempotency-Key': randomUUID() });
  const next = await listed(`?limit=3&starting_after=${first.data.at(-1)!.id}`);
  expect(next).toEqual(named(3, 2, 1));
  await sql`delete from orders.idempotency_keys`.execute(api.database.db);
});

test('orders are found by status, customer and time, also by all of them', async () => {
  expect(await listed('?status=failed')).toEqual(named(2));
  expect(await listed('?status=pending&customer_id=cus_0&limit=2')).toEqual(named(6, 4));
  expect(await listed('?created_until=2026-06-01T00:00:00Z')).toEqual(named(0));
  expect(await listed('?created_from=2026-06-01T00:00:00Z&status=failed')).toEqual(named(2));
  expect(await listed('?customer_id=nobody')).toEqual([]);
});

test.each([
  'limit=0',
  'limit=101',
  'limit=1e2',
  'status=gone',
  'status=failed&status=pending',
  'starting_after=ord_x',
  'customer_id=a%20b',
  'created_from=yesterday',
  'created_from=0000-01-01T00:00:00Z',
  'created_until=2026-13-01T00:00:00Z',
  'tenant=other',
])('the query %s is refused', async (query) => {
  const response = await api.request(`/v1/orders?${query}`);
  expect([response.status, await response.json()]).toMatchObject([
    ...[422, { type: '/problems/invalid-query' }],
  ]);
});

test('who has this very answer already is told so, until it changes', async () => {
  const first = await api.request(`/v1/orders/${ids[5]!}`);
  const etag = first.headers.get('etag')!;
  const ask = () => api.request(`/v1/orders/${ids[5]!}`, { headers: { 'If-None-Match': etag } });
  const again = await ask();
  expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
  await sql`update orders.orders set needs_attention = '{x}' where order_id = ${ids[5]!}`.execute(
    api.database.db,
  );
  const changed = await ask();
  expect([changed.status, changed.headers.get('etag') === etag]).toEqual([200, false]);
});

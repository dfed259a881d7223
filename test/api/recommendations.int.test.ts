import { sql } from 'kysely';
import { ApiHarness } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  const db = api.database.connect<unknown>({ role: 'tandem_recommendations' });
  await sql`
    insert into recommendations.bought_together values
    ('TEA', 'CUP', 2), ('TEA', 'POT', 3), ('TEA', 'GONE', 0)`.execute(db);
});
afterAll(() => api.close());

const get = async (path: string) => {
  const response = await api.request(path);
  return { status: response.status, body: await response.json() };
};

test('shows what was bought together, the most often first', async () => {
  const list = (...data: [sku: string, orders: number][]) => ({
    ...{ object: 'list', has_more: false },
    data: data.map(([sku, orders]) => ({ object: 'recommendation', sku, orders })),
  });
  expect(await get('/v1/products/TEA/recommendations')).toEqual({
    ...{ status: 200, body: list(['POT', 3], ['CUP', 2]) },
  });
  expect((await get('/v1/products/TEA/recommendations?limit=1')).body).toEqual(list(['POT', 3]));
  expect((await get('/v1/products/NEW/recommendations')).body).toEqual(list());
});

test.each([
  ['/v1/products/%00/recommendations', 404],
  ['/v1/products/TEA/recommendations?limit=0', 422],
  ['/v1/products/TEA/recommendations?limit=101', 422],
  ['/v1/products/TEA/recommendations?nope=1', 422],
])('refuses %s with %s', async (path, status) => {
  expect((await get(path)).status).toBe(status);
});

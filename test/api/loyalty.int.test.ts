import { sql } from 'kysely';
import { ApiHarness } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  const db = api.database.connect<unknown>({ role: 'tandem_loyalty' });
  await sql`
    insert into loyalty.points (event_id, tenant, order_id, customer_id, points)
    values ('e1', 'shop', 'o1', 'cus_1', 42), ('e2', 'shop', 'o2', 'cus_1', 10),
           ('e3', 'shop', 'o2', 'cus_1', -10), ('e4', 'other', 'o4', 'cus_1', 1000)`.execute(db);
});
afterAll(() => api.close());

const get = async (path: string) => {
  const response = await api.request(path);
  return { status: response.status, body: await response.json() };
};

test('shows the points that a customer has', async () => {
  const balance = (customerId: string, points: number) => ({
    ...{ status: 200, body: { object: 'loyalty_balance', customerId, points } },
  });
  expect(await get('/v1/customers/cus_1/loyalty')).toEqual(balance('cus_1', 42));
  expect(await get('/v1/customers/cus_new/loyalty')).toEqual(balance('cus_new', 0));
});

test.each(['%00', '%20', 'x'.repeat(300)])('knows no customer %s', async (id) => {
  expect((await get(`/v1/customers/${id}/loyalty`)).status).toBe(404);
});

test('says so where the consumer does not run', async () => {
  await sql`drop schema loyalty cascade`.execute(api.database.connect<unknown>({}));
  expect(await get('/v1/customers/cus_1/loyalty')).toMatchObject({
    ...{ status: 404, body: { detail: 'no points are kept here' } },
  });
});

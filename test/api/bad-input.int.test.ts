import { stockProduct } from '../../dev/catalogue';
import { ApiHarness, goodOrder, type ProblemBody } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 10);
  await stockProduct(api.database.db, 'YACHT', 10, 99_999_999);
});
afterAll(() => api.close());

/** Nothing of the request may have had an effect. */
async function expectProblem(response: Response, status: number): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = (await response.json()) as ProblemBody;
  expect(problem).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) as string });
  expect(response.status).toBe(status);
  expect(await api.countOrders()).toBe(0);
  const keys = api.database.db.selectFrom('orders.idempotency_keys').selectAll().execute();
  expect(await keys).toEqual([]);
  return problem;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
const NOT_TEXT: Json[] = [null, 42, true, [], {}];

/** For each field of the body: wrong values, each on its own. */
const WRONG: Record<string, Json[]> = {
  '#/customer': [null, 'Ada', 42, []],
  '#/customer/id': [...NOT_TEXT, '', 'a b', 'x'.repeat(65), 'é', "'; drop table", '\u0000'],
  '#/customer/email': [
    ...NOT_TEXT,
    '',
    'ada',
    'ada@',
    '@x.y',
    'a b@c.d',
    `${'a'.repeat(250)}@b.cd`,
  ],
  '#/customer/name': [
    ...NOT_TEXT,
    '',
    'x'.repeat(201),
    'a\nb',
    'a\u0000b',
    '\u001b[31m',
    'a\u2028b',
  ],
  '#/lines': [null, {}, 'TEA', [], Array(101).fill({ sku: 'TEA', quantity: 1 })],
  '#/lines/0': [null, 'TEA', 42, []],
  '#/lines/0/sku': [...NOT_TEXT, '', 'tea', '-TEA', 'TEA ', 'X'.repeat(65), '../TEA', 'UNKNOWN'],
  '#/lines/0/quantity': [...NOT_TEXT.filter((v) => v !== 42), 0, -1, 1.5, '1', 1e9, 1001, 1e308],
  '#/paymentMethod': [
    ...NOT_TEXT,
    '',
    'visa',
    'pm_',
    'pm_a b',
    `pm_${'x'.repeat(65)}`,
    '4242424242424242',
  ],
};
const CASES = Object.entries(WRONG).flatMap(([pointer, values]) =>
  values.map((value): [string, string, Json] => [
    pointer,
    JSON.stringify(value).slice(0, 40),
    value,
  ]),
);

test.each(CASES)('refuses %s = %s, and says where', async (pointer, _, value) => {
  const problem = await expectProblem(await api.post(withValue(pointer, value)), 422);
  const pointers = problem.errors!.map((error) => error.pointer);
  expect(pointers.some((found) => found === pointer || found.startsWith(`${pointer}/`))).toBe(true);
});

test.each([
  '#/customer',
  '#/customer/id',
  '#/customer/email',
  '#/lines',
  '#/lines/0/sku',
  '#/lines/0/quantity',
  '#/paymentMethod',
])('refuses an order without %s, and says where', async (pointer) => {
  const problem = await expectProblem(await api.post(withValue(pointer, undefined)), 422);
  expect(problem.errors).toContainEqual(expect.objectContaining({ pointer }));
});

test.each([
  ['#/status', { ...goodOrder(), status: 'confirmed' }],
  ['#/totalMinor', { ...goodOrder(), totalMinor: 1 }],
  ['#/lines/0/unitPriceMinor', withValue('#/lines/0/unitPriceMinor', 1)],
  ['#/customer/admin', withValue('#/customer/admin', true)],
  ['#/constructor', { ...goodOrder(), constructor: {} }],
  ['#/a~1b~0c%22', { ...goodOrder(), 'a/b~c"': 1 }],
])('refuses the unknown member %s', async (pointer, body) => {
  const problem = await expectProblem(await api.post(body), 422);
  expect(problem.errors).toContainEqual({
    pointer,
    code: 'unrecognized_keys',
    detail: 'unknown member',
  });
});

test('refuses a total that cannot be charged at once', async () => {
  const lines = [{ sku: 'YACHT', quantity: 2 }];
  const problem = await expectProblem(await api.post({ ...goodOrder(), lines }), 422);
  expect(problem.errors).toMatchObject([{ pointer: '#/lines', code: 'amount_too_large' }]);
});

test.each([
  ['no JSON', '{"customer":', 400],
  ['no object', '"order"', 400],
  ['an array', '[]', 422],
  ['nested without end', `${'['.repeat(50_000)}${']'.repeat(50_000)}`, 413],
  ['nested too deep', `{"customer":${'['.repeat(30)}${']'.repeat(30)}}`, 400],
  ['made to reach the prototype', `{"__proto__":{},${JSON.stringify(goodOrder()).slice(1)}`, 400],
  ['larger than an order can be', JSON.stringify({ x: 'x'.repeat(70_000) }), 413],
])('refuses a body that is %s', async (_, body, status) => {
  await expectProblem(await api.post(body), status);
});

test.each([
  ['text/plain', 415],
  ['application/x-www-form-urlencoded', 415],
  ['multipart/form-data', 415],
])('refuses a body of type %s', async (type, status) => {
  await expectProblem(await api.post(goodOrder(), { 'Content-Type': type }), status);
});

test('refuses an order without an Idempotency-Key', async () => {
  const problem = await expectProblem(await api.post(goodOrder(), { 'Idempotency-Key': '' }), 400);
  expect(problem.type).toBe('/problems/idempotency-key-missing');
});

test('answers unknown paths and methods with problems', async () => {
  await expectProblem(await api.request('/v1/nothing'), 404);
  await expectProblem(await api.request('/v1/orders/ord_x'), 404);
  await expectProblem(await api.request("/v1/orders/ord_' or 1=1"), 404);
  await expectProblem(await api.request('/v1/orders/%00'), 404);
  const wrongMethod = await api.request('/v1/orders', { method: 'DELETE' });
  expect(wrongMethod.headers.get('allow')).toContain('POST');
  await expectProblem(wrongMethod, 405);
});

test.each([
  'limit=0',
  'limit=101',
  'limit=x',
  'unknown=1',
  'limit=1&limit=2',
  `starting_after=${'x'.repeat(65)}`,
  'starting_after=%00',
])('refuses the query %s of the catalogue', async (query) => {
  await expectProblem(await api.request(`/v1/products?${query}`), 422);
});

/** A good order, but for one value; `undefined` leaves it out. */
function withValue(pointer: string, value: Json | undefined): unknown {
  const order = goodOrder() as unknown as Record<string, unknown>;
  const path = pointer.slice(2).split('/');
  const last = path.pop()!;
  let parent = order;
  for (const step of path) parent = parent[step] as Record<string, unknown>;
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return order;
}

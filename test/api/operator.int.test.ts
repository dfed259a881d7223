import { sql } from 'kysely';
import { apiKeyId } from '../../api/callers/api-key';
import { readAudit } from '../../db/audit';
import { recordAttempts } from '../../db/saga-attempts';
import type { Xray } from '../../api/operator/xray-resource';
import { stockProduct } from '../../dev/catalogue';
import { waitFor } from '../../dev/wait';
import { withDatabase } from '../../dev/with-database';
import { ApiHarness, goodOrder, type ProblemBody } from './api-harness';
import { follow } from './follow';

const TIMEOUT_MS = 15_000;
const UNKNOWN = 'ord_019ac6f0-0000-7000-8000-000000000000';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 100);
});
afterAll(() => api.close());

const run = (command: string, words: string[] = [], options: object = {}, by?: string) =>
  api.request('/v1/ops/commands', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ command, words, options, ...(by === undefined ? {} : { by }) }),
  });

async function place(key: string): Promise<string> {
  const response = await api.post(goodOrder(), {
    'Idempotency-Key': key,
    'Request-Id': `req-${key}`,
  });
  return ((await response.json()) as { id: string }).id;
}

test.each([
  ['GET', '/v1/ops/overview'],
  ['GET', '/v1/ops/overview/events'],
  ['GET', '/v1/ops/series'],
  ['GET', `/v1/ops/orders/${UNKNOWN}/xray`],
  ['GET', '/v1/ops/room'],
  ['POST', '/v1/ops/commands'],
])('%s %s is for nobody without the scope ops', async (method, path) => {
  const key = await api.makeKey({ scopes: ['orders', 'catalogue', 'webhooks'] });
  const response = await api.request(path, { method, headers: { Authorization: `Bearer ${key}` } });
  expect(response.status).toBe(403);
});

test('the X-ray of an order tells what is known without Temporal, and says that it is away', async () => {
  const orderId = await place('xray');
  await recordAttempts(api.database.db, [
    {
      ...{ orderId, workflowId: `order-${orderId}`, activity: 'authorizePayment', attempt: 2 },
      ...{ startedAt: new Date(), tookMs: 12, outcome: 'failed', subject: null },
      error: 'the provider answered 500',
    },
    {
      ...{ orderId, workflowId: `order-${orderId}`, activity: 'publishEvent', attempt: 1 },
      ...{ startedAt: new Date(), tookMs: 1, outcome: 'completed', error: null },
      subject: `${orderId}/OrderCreated/1`,
    },
  ]);
  const response = await api.request(`/v1/ops/orders/${orderId}/xray`);
  const xray = (await response.json()) as Xray;
  expect(xray.order).toMatchObject({ id: orderId, status: 'pending', requestId: 'req-xray' });
  expect(xray.sagas).toBeNull();
  expect(xray.entries.map(({ lane, what }) => `${lane}: ${what}`)).toEqual(
    expect.arrayContaining([
      'request: POST /v1/orders',
      'journal: OrderPlaced',
      'saga: authorize payment',
      'saga: publish OrderCreated',
    ]),
  );
  expect(xray.entries.find(({ what }) => what === 'authorize payment')).toMatchObject({
    ...{ state: 'failed', attempt: 2, tookMs: 12 },
    detail: { error: 'the provider answered 500' },
  });
});

test('the X-ray shows nobody’s name, address or card', async () => {
  const orderId = await place('nobody');
  const text = await (await api.request(`/v1/ops/orders/${orderId}/xray`)).text();
  expect(text).not.toMatch(/ada@example\.com|"Ada"|pm_card_visa/);
});

test('an order that there is not has no X-ray', async () => {
  expect((await api.request(`/v1/ops/orders/${UNKNOWN}/xray`)).status).toBe(404);
  expect((await api.request('/v1/ops/orders/ord_nonsense/xray')).status).toBe(404);
});

test('the overview counts what waits, and is told again each second to who watches', async () => {
  await place('counted');
  const { orders, servers, latest } = (await (await api.request('/v1/ops/overview')).json()) as {
    orders: { pending: number };
    servers: { redis: boolean; temporal: boolean };
    latest: { id: string }[];
  };
  expect(orders.pending).toBeGreaterThan(0);
  expect(servers).toEqual({ redis: true, temporal: false });
  expect(latest.length).toBeGreaterThan(0);
  const following = follow(await api.request('/v1/ops/overview/events'));
  await waitFor('two overviews', TIMEOUT_MS, () => (following.sent.length > 1 ? true : undefined));
  following.stop();
  expect(following.sent[1]!.event).toBe('overview');
});

test('who watches with a key that is revoked is let go', async () => {
  const key = await api.makeKey({ scopes: ['ops'] });
  const response = await api.request('/v1/ops/overview/events', {
    headers: { Authorization: `Bearer ${key}` },
  });
  await api.request(`/v1/api-keys/${apiKeyId(key)!}/revoke`, { method: 'POST' });
  expect(await follow(response).ended).toBe('ended');
});

test('a command answers what a terminal shows, and what --json shows', async () => {
  const answer = (await (await run('saga list')).json()) as { lines: string[]; data: unknown };
  expect(answer).toMatchObject({ lines: ['no order needs a person'], data: [] });
});

test.each([
  ['one that there is not', 'saga sing', [], {}, 'there is no "saga sing"'],
  ['one of somebody else', 'access first-key', [], {}, 'there is no "access first-key"'],
  ['one with a word too many', 'saga list', ['x'], {}, 'saga list takes nothing'],
  ['one with an option that it has not', 'saga list', [], { rm: true }, 'has no option rm'],
  ['one with an option of another kind', 'audit list', [], { limit: true }, 'limit is no string'],
  ['one that is called like an inherited property', 'constructor name', [], {}, 'there is no'],
  ['one that waits in a terminal', 'dead-letters redrive', ['x'], { wait: true }, 'no option wait'],
])('%s is refused, and says why', async (_, command, words, options, detail) => {
  const response = await run(command, words, options);
  expect(response.status).toBe(422);
  expect((await response.json()) as ProblemBody).toMatchObject({
    type: expect.stringMatching(/invalid-command$/) as string,
    detail: expect.stringContaining(detail) as string,
  });
});

test('what is refused is on record, with who and why, and has changed nothing', async () => {
  const response = await run('consumers pause', ['nobody'], { why: 'a test' }, 'Ada');
  expect(response.status).toBe(409);
  const [entry] = await readAudit(api.database.db, 1);
  expect(entry).toMatchObject({
    ...{ command: 'consumers pause', words: ['nobody'], via: 'api', outcome: 'refused' },
    ...{ options: { why: 'a test' }, by: expect.stringMatching(/^Ada \(key_/) as string },
  });
});

test('what only reads is not on record', async () => {
  const before = await readAudit(api.database.db, 1_000);
  await run('saga list');
  await run('consumers list');
  expect(await readAudit(api.database.db, 1_000)).toHaveLength(before.length);
});

test('a command that needs Temporal says so while it is away, and its record that it failed', async () => {
  const response = await run('reconcile');
  expect(response.status).toBe(503);
  const [entry] = await readAudit(api.database.db, 1);
  expect(entry).toMatchObject({ command: 'reconcile', outcome: 'failed' });
});

test('nothing is changed where the record cannot be written', async () => {
  await withDatabase(api.database.url, 'owner', async (owner) => {
    await sql`alter table ops.audit rename to audit_away`.execute(owner);
    expect((await run('consumers resume', ['nobody'])).status).toBe(500);
    await sql`alter table ops.audit_away rename to audit`.execute(owner);
  });
});

test('the last hour is told in points, with what was confirmed and what it brought', async () => {
  await place('series');
  const { data } = (await (await api.request('/v1/ops/series')).json()) as {
    data: { placed: number; confirmed: number }[];
  };
  expect(data.reduce((sum, { placed }) => sum + placed, 0)).toBeGreaterThan(0);
});

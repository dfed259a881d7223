import { sql } from 'kysely';
import { ApiHarness, type ProblemBody } from './api-harness';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
});
afterAll(() => api.close());

interface Endpoint {
  readonly id: string;
  readonly secret?: string;
  readonly state: string;
}

const GOOD = { url: 'https://shop.example/hook', contactEmail: 'it@example.com' };

async function send(method: string, path: string, body?: unknown): Promise<Response> {
  return api.request(`/v1/webhook-endpoints${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
  });
}

async function registered(): Promise<Endpoint> {
  const response = await send('POST', '', GOOD);
  expect(response.status).toBe(201);
  return (await response.json()) as Endpoint;
}

test('an endpoint is registered, and its secret is shown this once', async () => {
  const { id, secret } = await registered();
  expect(Buffer.from(secret!.replace('whsec_', ''), 'base64')).toHaveLength(32);
  const shown = await send('GET', `/${id}`);
  const text = await shown.text();
  expect(JSON.parse(text)).toMatchObject({ id, state: 'enabled', eventTypes: null });
  expect(text).not.toContain('secret');
  const { rows } = await sql`select * from webhooks.secrets`.execute(api.database.db);
  expect(JSON.stringify(rows)).not.toContain(secret);
});

test.each([
  [{ ...GOOD, url: 'https://10.0.0.1/' }, '#/url'],
  [{ ...GOOD, url: 7 }, '#/url'],
  [{ ...GOOD, eventTypes: ['shop.order.exploded.v1'] }, '#/eventTypes/0'],
  [{ ...GOOD, eventTypes: [] }, '#/eventTypes'],
  [{ url: GOOD.url }, '#/contactEmail'],
  [{ ...GOOD, secret: 'mine' }, '#/secret'],
])('%j is refused with a pointer', async (body, pointer) => {
  const response = await send('POST', '', body);
  const problem = (await response.json()) as ProblemBody;
  expect([response.status, problem.type]).toEqual([422, '/problems/invalid-webhook-endpoint']);
  expect(problem.errors).toMatchObject([{ pointer }]);
});

test('a secret is rotated: another is shown, and the one before ends within a day', async () => {
  const { id, secret } = await registered();
  const rotated = (await (await send('POST', `/${id}/rotate-secret`)).json()) as {
    secret: string;
    oldSecretExpiresAt: string;
  };
  expect(rotated.secret).not.toBe(secret);
  const hours = (Date.parse(rotated.oldSecretExpiresAt) - Date.now()) / 3_600_000;
  expect(hours).toBeGreaterThan(23);
  const live = async () => {
    const { rows } = await sql<{ id: number }>`
      select secret_id as id from webhooks.secrets where endpoint_id = ${id} order by secret_id`.execute(
      api.database.db,
    );
    return rows.map(({ id: secretId }) => secretId);
  };
  // Asked for again, as by a client that has lost the answer: the receiver knows the first one only.
  const before = await live();
  await send('POST', `/${id}/rotate-secret`);
  expect((await live()).slice(0, 2)).toEqual(before);
  for (let i = 0; i < 5; i += 1) await send('POST', `/${id}/rotate-secret`);
  expect(await live()).toHaveLength(5);
});

test('the log shows each attempt, page by page, and a delivery is asked for again', async () => {
  const { id } = await registered();
  const admin = api.database.connect<unknown>({});
  await sql`
    insert into webhooks.deliveries (endpoint_id, event_id, event_type, body, state, attempts, retries)
    select ${id}, 'o' || n, 't', '{}', 'failed', 1, 1 from generate_series(1, 3) as n`.execute(
    admin,
  );
  await sql`
    insert into webhooks.attempts (delivery_id, attempt, status, duration_ms)
    select delivery_id, 1, 500, 7 from webhooks.deliveries where endpoint_id = ${id}`.execute(
    admin,
  );
  interface Page {
    data: { id: number; attempts: object[] }[];
    has_more: boolean;
  }
  const first = (await (
    await send('GET', `/${id}/deliveries?limit=2&state=failed`)
  ).json()) as Page;
  expect([first.data.length, first.has_more]).toEqual([2, true]);
  expect(first.data[0]!.attempts).toMatchObject([{ status: 500, durationMs: 7 }]);
  const after = first.data[1]!.id;
  const rest = (await (
    await send('GET', `/${id}/deliveries?starting_after=${after}`)
  ).json()) as Page;
  expect([rest.data.length, rest.has_more]).toEqual([1, false]);
  expect((await send('POST', `/${id}/deliveries/${after}/redeliver`)).status).toBe(202);
  const pending = (await (await send('GET', `/${id}/deliveries?state=pending`)).json()) as Page;
  expect(pending.data).toMatchObject([{ id: after }]);
});

test('an endpoint that is deleted is gone, and one that is disabled can be enabled', async () => {
  const [one, other] = [await registered(), await registered()];
  expect((await send('DELETE', `/${one.id}`)).status).toBe(204);
  expect((await send('GET', `/${one.id}`)).status).toBe(404);
  expect((await send('DELETE', `/${one.id}`)).status).toBe(404);
  const admin = api.database.connect<unknown>({});
  await sql`
    update webhooks.endpoints set state = 'disabled', disabled_at = now(), disabled_reason = 'gone'
    where endpoint_id = ${other.id}`.execute(admin);
  expect(await (await send('POST', `/${other.id}/enable`)).json()).toMatchObject({
    ...{ state: 'enabled', disabledReason: null },
  });
});

test.each(['/whe_nope', '/whe_00000000-0000-4000-8000-000000000000', "/'; drop table x"])(
  'there is nothing at %j',
  async (path) => expect((await send('GET', encodeURI(path))).status).toBe(404),
);

test('a delivery that is none of this endpoint cannot be asked for', async () => {
  const { id } = await registered();
  for (const delivery of ['1', '0', 'x', '999999999999999999999']) {
    expect((await send('POST', `/${id}/deliveries/${delivery}/redeliver`)).status).toBe(404);
  }
});

test('there are no more than fifty', async () => {
  let status = 0;
  for (let n = 0; n < 51 && status !== 409; n += 1) status = (await send('POST', '', GOOD)).status;
  expect(status).toBe(409);
  const list = (await (await send('GET', '')).json()) as { data: object[] };
  expect(list.data).toHaveLength(50);
});

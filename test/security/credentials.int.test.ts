import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT, type KeyLike } from 'jose';
import { sql } from 'kysely';
import { waitFor } from '../../dev/wait';
import { ApiHarness } from '../api/api-harness';

const ISSUER = 'https://login.shop.example/';
const AUDIENCE = 'tandem';

let api: ApiHarness;
let issuer: Server;
let isIssuerAway = false;
let keys: { publicKey: KeyLike; privateKey: KeyLike };
let others: typeof keys;
beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' };
  // The issuer's as well, but of an algorithm that is not on our list.
  others = await generateKeyPair('RS512');
  const otherJwk = { ...(await exportJWK(others.publicKey)), kid: 'k2', alg: 'RS512', use: 'sig' };
  issuer = createServer((_, response) => {
    if (isIssuerAway) response.destroy();
    else response.end(JSON.stringify({ keys: [jwk, otherJwk] }));
  });
  await new Promise<void>((resolve) => issuer.listen(0, '127.0.0.1', resolve));
  api = await openApi();
});
afterAll(async () => {
  await api.close();
  issuer.closeAllConnections();
  issuer.close();
});

function openApi(): Promise<ApiHarness> {
  const jwksUrl = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
  const claims = { tenantClaim: 'tenant', customerClaim: 'customer_id' };
  return ApiHarness.open({ tokens: { issuer: ISSUER, audience: AUDIENCE, jwksUrl, ...claims } });
}

const ask = (credential: string, path = '/v1/orders', on = api) =>
  on.request(path, { headers: { Authorization: `Bearer ${credential}` } });

async function created(body: object): Promise<Response> {
  return api.request('/v1/api-keys', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ scopes: ['orders'], ...body }),
  });
}

test('a key is shown once and kept as a hash', async () => {
  const { id, key } = (await (await created({ name: 'shown' })).json()) as Record<string, string>;
  expect(Buffer.from(key!.split('_').slice(2).join('_'), 'base64url')).toHaveLength(32);
  expect((await ask(key!)).status).toBe(200);
  const list = await (await api.request('/v1/api-keys')).text();
  expect(list).toContain(id);
  const { rows } = await sql<{ row: string }>`
    select row_to_json(api_keys)::text as row from access.api_keys`.execute(api.database.db);
  const secret = key!.slice(-43);
  expect(`${list}${rows.map(({ row }) => row).join()}`).not.toContain(secret);
  const asBytes = Buffer.from(secret).toString('hex');
  expect(rows.map(({ row }) => row).join()).not.toContain(asBytes);
});

test('a second key of a name replaces the first while both work, and there is no third', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => created({ name: 'rotating' })));
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
  const live = await Promise.all(
    answers.filter(({ status }) => status === 201).map((answer) => answer.json()),
  );
  const [first, second] = live as { id: string; key: string }[];
  for (const { key } of [first!, second!]) expect((await ask(key)).status).toBe(200);
  await api.request(`/v1/api-keys/${first!.id}/revoke`, { method: 'POST' });
  expect((await ask(second!.key)).status).toBe(200);
  expect((await created({ name: 'rotating' })).status).toBe(201);
});

test('a key that was in use is refused within five seconds after it is revoked', async () => {
  const { id, key } = (await (await created({ name: 'short' })).json()) as Record<string, string>;
  expect((await ask(key!)).status).toBe(200);
  await api.request(`/v1/api-keys/${id}/revoke`, { method: 'POST' });
  await waitFor('the key to be refused', 5_000, async () =>
    (await ask(key!)).status === 401 ? true : undefined,
  );
});

test('a key in the URL is no key', async () => {
  const response = await api.request(`/v1/orders?api_key=${api.key}`, {
    headers: { Authorization: '' },
  });
  expect(response.status).toBe(401);
});

test.each([
  [{ name: 'x', scopes: [] }, '#/scopes'],
  [{ name: 'x', scopes: ['everything'] }, '#/scopes/0'],
  [{ name: 'x', scopes: ['orders', 'orders'] }, '#/scopes'],
  [{ name: 'a\nb' }, '#/name'],
  [{ name: 'x', tenant: 'Shop' }, '#/tenant'],
  [{ name: 'x', customerId: 'cus_1', scopes: ['ops'] }, '#/scopes'],
  [{ name: 'x', expiresAt: '0000-01-01T00:00:00Z' }, '#/expiresAt'],
  [{ name: 'x', expiresAt: '1999-01-01T00:00:00Z' }, '#/expiresAt'],
  [{ name: 'x', isAdmin: true }, '#/isAdmin'],
])('%j is refused with a pointer', async (body, pointer) => {
  const response = await created(body);
  expect(response.status).toBe(422);
  const { errors } = (await response.json()) as { errors: { pointer: string }[] };
  expect(new Set(errors.map((error) => error.pointer))).toEqual(new Set([pointer]));
});

/** A token that is good in every way but what is said here. */
async function token(
  claims: Record<string, unknown> = {},
  {
    key = keys.privateKey,
    alg = 'RS256',
    kid = 'k1',
  }: { key?: KeyLike | Uint8Array; alg?: string; kid?: string } = {},
): Promise<string> {
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
  const good = { iss: ISSUER, aud: AUDIENCE, sub: 'ada', exp: inAnHour, scope: 'orders openid' };
  const all = { ...good, tenant: 'shop', ...claims };
  const told = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new SignJWT(told).setProtectedHeader({ alg, kid }).sign(key);
}

test('a token of the issuer is good for its scopes, and a customer of his own is bound to himself', async () => {
  expect((await ask(await token())).status).toBe(200);
  expect((await ask(await token(), '/v1/webhook-endpoints')).status).toBe(403);
  const customer = await token({ customer_id: 'cus_1', scope: 'orders webhooks ops' });
  expect((await ask(customer, '/v1/customers/cus_1/loyalty')).status).toBe(200);
  expect((await ask(customer, '/v1/customers/cus_2/loyalty')).status).toBe(404);
  expect((await ask(customer, '/v1/webhook-endpoints')).status).toBe(403);
});

const past = () => Math.floor(Date.now() / 1000) - 60;
const BAD: [string, () => Promise<string> | string][] = [
  ['without a signature', () => new UnsecuredJWT({ sub: 'ada', tenant: 'shop' }).encode()],
  [
    'signed by the public key as a shared secret',
    async () => {
      const key = new TextEncoder().encode(await exportSPKI(keys.publicKey));
      return token({}, { key, alg: 'HS256' });
    },
  ],
  [
    'of an unknown key',
    async () => token({}, { key: (await generateKeyPair('RS256')).privateKey }),
  ],
  [
    'of an algorithm that is not accepted',
    () => token({}, { key: others.privateKey, alg: 'RS512', kid: 'k2' }),
  ],
  ['of nobody by name', () => token({ sub: '' })],
  ['that names a key that there is not', () => token({}, { kid: '../../etc/passwd' })],
  ['that has expired', () => token({ exp: past() })],
  ['that never expires', () => token({ exp: undefined })],
  ['that is not valid yet', () => token({ nbf: past() + 3_600 })],
  ['of another issuer', () => token({ iss: 'https://evil.example/' })],
  ['for somebody else', () => token({ aud: 'other' })],
  ['of nobody', () => token({ sub: undefined })],
  ['of no tenant', () => token({ tenant: undefined })],
  ['of a tenant that cannot be', () => token({ tenant: 'shop/cus_1' })],
  ['of a customer that cannot be', () => token({ customer_id: 'a b' })],
  ['that is longer than any', () => token({ padding: 'x'.repeat(9_000) })],
  ['that was changed', async () => (await token()).replace(/^[^.]*\.[^.]/, (head) => `${head}x`)],
];
test.each(BAD)('a token %s is refused', async (_, make) => {
  const response = await ask(await make());
  expect(response.status).toBe(401);
  expect(response.headers.get('www-authenticate')).toBe(
    'Bearer realm="tandem", error="invalid_token"',
  );
});

test('a token whose issuer cannot be asked is refused, and API keys go on', async () => {
  isIssuerAway = true;
  const other = await openApi();
  try {
    expect((await ask(await token(), '/v1/orders', other)).status).toBe(401);
    expect((await ask(other.key, '/v1/orders', other)).status).toBe(200);
  } finally {
    isIssuerAway = false;
    await other.close();
  }
});

test('who guesses is told to wait, and who has a good key beside him is not', async () => {
  const guarded = await ApiHarness.open({
    // Alone: other tests guess from this address too.
    redis: { eval: () => Promise.reject(new Error('Redis is away')) },
    rateLimits: { perCaller: 1_000, perAddress: 1_000, failuresPerAddress: 5 },
  });
  try {
    const statuses: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      statuses.push(
        (await ask(`tdm_${'a'.repeat(16)}_${'b'.repeat(43)}`, '/v1/orders', guarded)).status,
      );
    }
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429]);
    expect((await ask(guarded.key, '/v1/orders', guarded)).status).toBe(200);
  } finally {
    await guarded.close();
  }
});

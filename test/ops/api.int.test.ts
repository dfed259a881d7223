import { stockProduct } from '../../dev/catalogue';
import { freePort } from '../../dev/ports';
import { closeOrder } from '../../db/order-endings';
import { ApiHarness } from '../api/api-harness';
import { runOps, type Ended } from './run-ops';

let api: ApiHarness;
beforeAll(async () => {
  api = await ApiHarness.open();
  await stockProduct(api.database.db, 'TEA', 10);
});
afterAll(() => api.close());

function ops(...args: string[]): Promise<Ended> {
  return runOps(
    { TANDEM_API_URL: api.url, TANDEM_API_KEY: api.key, DATABASE_URL: api.database.url },
    args,
  );
}

async function json<Data>(...args: string[]): Promise<Data> {
  const { stdout, stderr } = await ops(...args, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Data;
}

const PLACE = ['orders', 'place', '--customer', 'cus_1', '--email', 'a@example.com'];

test('an order is placed, shown, listed, cancelled and watched to its end', async () => {
  const { id } = await json<{ id: string }>(...PLACE, '--line', 'TEA=2', '--key', 'cli-1');
  const again = await json<{ id: string }>(...PLACE, '--line', 'TEA=2', '--key', 'cli-1');
  expect(again.id).toBe(id);
  expect((await ops('orders', 'show', id)).stdout).toContain(`${id}: pending`);
  expect((await ops('orders', 'list', '--status', 'pending')).stdout).toContain(id);
  const refused = await ops('orders', 'cancel', id);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--yes')]);
  expect(await json('orders', 'cancel', id, '--yes')).toMatchObject({ cancelRequested: true });
  const closing = { orderId: id, status: 'cancelled' as const, code: 'cancelled' };
  await closeOrder(api.database.db, closing, () => Promise.resolve('sealed'));
  const watched = await ops('orders', 'watch', id);
  expect(watched.stdout).toMatch(
    /OrderPlaced[^]*CancellationRequested[^]*OrderCancelled[^]*is over/,
  );
});

test('a product is saved and its stock changed, with the reason on record', async () => {
  const save = ['products', 'save', 'POT', '--name', 'Pot', '--price', '5900', '--yes'];
  expect(await json(...save)).toMatchObject({ sku: 'POT', unitPriceMinor: 5_900, available: 0 });
  await ops('products', 'adjust', 'POT', '--delta', '5', '--why', 'delivery 7', '--yes');
  await ops('products', 'adjust', 'POT', '--delta=-2', '--why', 'broken', '--yes');
  await ops('products', 'set', 'POT', '--count', '4', '--why', 'counted', '--yes');
  const shown = (await ops('products', 'show', 'POT')).stdout;
  expect(shown).toMatch(/on the shelf 4/);
  expect(shown).toMatch(/counted[^]*broken[^]*delivery 7/);
  expect((await ops('products', 'list')).stdout).toContain('POT');
});

test('a key is made, shown this once, listed and revoked', async () => {
  const made = await json<{ id: string; key: string }>(
    'keys',
    'create',
    'till',
    '--scopes',
    'orders',
  );
  const listed = (await ops('keys', 'list')).stdout;
  expect(listed).toContain(made.id);
  expect(listed).not.toContain(made.key);
  await ops('keys', 'revoke', made.id, '--yes');
  expect((await ops('keys', 'list')).stdout).toMatch(new RegExp(`${made.id}\\s+revoked`));
});

test.each([
  [['orders', 'place'], 2, '--customer is needed'],
  [[...PLACE], 2, '--line is needed'],
  [[...PLACE, '--line', 'TEA=x'], 2, '--line takes SKU=N'],
  [[...PLACE, '--line', 'NONE'], 1, '#/lines/0/sku'],
  [['orders', 'show', 'ord_x'], 1, 'There is nothing here (404)'],
  [['orders', 'list', '--status', 'gone'], 2, '--status takes'],
  [['keys', 'create', 'x', '--scopes', 'all'], 2, 'knows no "all"'],
  [['products', 'adjust', 'TEA', '--delta', '1', '--yes'], 2, '--why is needed'],
  [['products', 'adjust', 'TEA', '--delta=-99', '--why', 'x', '--yes'], 1, '(409)'],
  [['access', 'first-key', '--yes'], 1, 'there is a live key'],
])('%j ends with %i and says why', async (args, code, said) => {
  const ended = await ops(...args);
  expect([ended.code, ended.stderr]).toEqual([code, expect.stringContaining(said)]);
});

test('the first key is made in the database itself, once', async () => {
  const empty = await ApiHarness.open();
  try {
    await empty.database.db.updateTable('access.api_keys').set(REVOKED).execute();
    const settings = { DATABASE_URL: empty.database.url };
    const { stdout } = await runOps(settings, ['access', 'first-key', '--yes', '--json']);
    const { key } = JSON.parse(stdout) as { key: string };
    const headers = { Authorization: `Bearer ${key}` };
    expect((await empty.request('/v1/api-keys', { headers })).status).toBe(200);
    expect((await runOps(settings, ['access', 'first-key', '--yes'])).code).toBe(1);
  } finally {
    await empty.close();
  }
});

const REVOKED = { revoked_at: new Date(), revoked_by: 'test' };

test('an API that does not answer is said to be away', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const settings = { TANDEM_API_URL: url, TANDEM_API_KEY: 'tdm_x' };
  const { code, stderr } = await runOps(settings, ['orders', 'list']);
  expect(code).toBe(1);
  expect(stderr).toContain('TANDEM_API_URL');
});

import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { sql } from 'kysely';
import { TYPESCRIPT } from '../../dev/typescript';
import { waitFor } from '../../dev/wait';
import { PARTITIONS, streamKey } from '../../events/streams';
import { Stack } from './stack';

const ROOT = path.join(__dirname, '..', '..');
const TIMEOUT_MS = 60_000;
const SKU = 'REACT';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock(SKU, 1_000);
});
afterAll(() => stack.close());

/** Runs an operator's command; what it prints. */
function ops(...args: string[]): string {
  const command = [...TYPESCRIPT, 'ops/main.ts', ...args, '--yes'];
  const env = { ...process.env, DATABASE_URL: process.env['TEST_DATABASE_URL'] };
  return execFileSync(process.execPath, command, {
    ...{ cwd: ROOT, encoding: 'utf8' },
    env: { ...env, REDIS_URL: process.env['TEST_REDIS_URL'] },
  });
}

async function confirmed(): Promise<string> {
  const { id } = await stack.place({ sku: SKU }, { waitSeconds: 20 });
  await stack.ended(id);
  return id;
}

async function fulfilmentOf(orderId: string): Promise<string> {
  return ((await stack.order(orderId)) as unknown as { fulfilmentStatus: string }).fulfilmentStatus;
}

async function untilFulfilment(orderId: string, status: string): Promise<void> {
  await waitFor(`${orderId} to be ${status}`, TIMEOUT_MS, async () =>
    (await fulfilmentOf(orderId)) === status ? true : undefined,
  );
}

test('an order that is shipped says so, its customer is told, and it cannot be called off', async () => {
  const id = await confirmed();
  await untilFulfilment(id, 'requested');
  ops('shipments', 'ship', id, '--carrier', 'DHL', '--tracking', 'JD014');
  await untilFulfilment(id, 'shipped');
  await waitFor('the mail', TIMEOUT_MS, async () => {
    const mails = (await stack.mailsAbout(id)) as { subject: string }[];
    return mails.some(({ subject }) => /way|shipped/i.test(subject)) || undefined;
  });
  const cancelled = await stack.cancel(id, 20);
  expect([cancelled.status, await cancelled.json()]).toMatchObject([
    409,
    { type: '/problems/order-shipped' },
  ]);
});

test('the shipment of an order that is called off is stopped, and cannot be shipped', async () => {
  const id = await confirmed();
  expect((await stack.cancel(id, 20)).status).toBe(200);
  expect(() => ops('shipments', 'ship', id, '--carrier', 'DHL', '--tracking', 'JD015')).toThrow(
    /stopped/,
  );
  expect(['stopped', 'none']).toContain(await fulfilmentOf(id));
});

/** What analytics shows, of all orders. */
async function shown() {
  const views = ['orders_by_minute', 'endings_by_minute', 'top_products', 'totals'];
  const rows = views.map(async (view) => {
    const found = await sql`select * from ${sql.id('analytics', view)}`.execute(stack.db);
    return [view, found.rows.map((row) => JSON.stringify(row)).sort()];
  });
  return Object.fromEntries(await Promise.all(rows)) as Record<string, string[]>;
}

/** The same, by the orders and their journal themselves. */
async function recomputed() {
  const { rows } = await sql<{ confirmed: number; revenue: number; cancelled: number }>`
    select count(*) filter (where exists (
             select from orders.journal as j
             where j.order_id = o.order_id and j.name = 'OrderCreated'))::int as confirmed,
           count(*) filter (where status = 'cancelled')::int as cancelled,
           coalesce(sum(total_minor) filter (where status = 'confirmed'), 0)::int as revenue
    from orders.orders as o where status <> 'pending'`.execute(stack.db);
  return rows[0]!;
}

async function totals() {
  const { rows } = await sql<{ confirmed: number; revenue: number; cancelled: number }>`
    select sum(confirmed)::int as confirmed, sum(cancelled)::int as cancelled,
           sum(revenue_minor)::int as revenue from analytics.totals`.execute(stack.db);
  return rows[0]!;
}

test('analytics, rebuilt from scratch, shows what it showed, and what the orders say', async () => {
  const id = await confirmed();
  await stack.place({ sku: SKU }, { waitSeconds: 20, paymentMethod: 'pm_card_chargeDeclined' });
  expect((await stack.cancel(await confirmed(), 20)).status).toBe(200);
  await untilFulfilment(id, 'requested');
  await waitFor('analytics to have seen all', TIMEOUT_MS, async () => {
    expect(await totals()).toEqual(await recomputed());
    return true;
  });
  const before = await shown();
  ops('replay', 'rebuild', 'analytics');
  await waitFor('the rebuild', TIMEOUT_MS, async () => {
    expect(await shown()).toEqual(before);
    const { rows } = await sql<{ state: string }>`
      select state from analytics.replays where mode = 'rebuild'
      order by replay_id desc limit 1`.execute(stack.db);
    return rows[0]!.state === 'done' || undefined;
  });
  expect(await totals()).toEqual(await recomputed());
});

/** As if loyalty had never been there, and its events had left the streams long ago. */
async function forgetLoyalty(): Promise<void> {
  await sql`delete from archive.consumer_groups where group_name = 'loyalty'`.execute(stack.db);
  await sql`drop schema loyalty cascade`.execute(stack.db);
  for (const stream of PARTITIONS.map(streamKey)) {
    await stack.redis.sendCommand(['XGROUP', 'DESTROY', stream, 'loyalty']).catch(() => undefined);
    await stack.redis.sendCommand(['XTRIM', stream, 'MAXLEN', '0']);
  }
}

async function pointsByCustomer(): Promise<Record<string, number>> {
  const { rows } = await sql<{ customer_id: string; points: number }>`
    select customer_id, points::int from loyalty.balances where points <> 0`.execute(stack.db);
  return Object.fromEntries(rows.map(({ customer_id, points }) => [customer_id, points]));
}

async function pointsDue(): Promise<Record<string, number>> {
  const { rows } = await sql<{ customer_id: string; points: number }>`
    select customer_id, sum(total_minor / 100)::int as points
    from orders.orders where status = 'confirmed' group by 1`.execute(stack.db);
  return Object.fromEntries(rows.map(({ customer_id, points }) => [customer_id, points]));
}

test('loyalty, added while orders come in, has every order since the first and misses none', async () => {
  const customer = { id: 'cus_early', email: 'early@example.com' };
  const early = await stack.place({ sku: SKU }, { waitSeconds: 20, customer });
  await stack.ended(early.id);
  await stack.reacted([early.id]);
  await stack.killAndAwaitRestart('consumer-worker');
  await forgetLoyalty();
  const placing = (async () => {
    for (let n = 0; n < 20; n += 1) await stack.place({ sku: SKU }, { waitSeconds: 20 });
  })();
  execFileSync(process.execPath, [...TYPESCRIPT, 'workers/migrate.ts'], {
    ...{ cwd: ROOT, stdio: 'ignore' },
    env: { ...process.env, DATABASE_URL: process.env['TEST_DATABASE_URL'] },
  });
  await placing;
  await waitFor('every order to have its points', TIMEOUT_MS, async () => {
    expect(await pointsByCustomer()).toEqual(await pointsDue());
    return true;
  });
  expect((await pointsByCustomer())['cus_early']).toBeGreaterThan(0);
}, 120_000);

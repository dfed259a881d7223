import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { createDatabase, type Database } from '../../db/database';
import { stockProduct } from '../../dev/catalogue';
import { breaksOf } from '../../dev/control/breaks';
import { planFaults } from '../../dev/payment-simulator/client';
import { postOrder } from '../../dev/post-order';
import { outputOf } from '../../dev/servers/find-command';
import { findOrInstallPrometheus } from '../../dev/servers/prometheus';
import { SERVICES, System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { testFolder } from '../jest/test-folder';
import { runOps, type Ended } from '../ops/run-ops';
import { Prometheus, shippedRules } from './prometheus';

const START_MS = 300_000;
const TEST_MS = 180_000;
/** For an alert to fire, and to cease. */
const ALERT_MS = 60_000;
const SKU = 'RUNBOOK';
const LEASE_SECONDS = '2';

/** Alerts that a test below has caused, followed and ended. */
const tried = new Set<string>();

const folder = testFolder('runbooks');
let system: System;
let db: Database;
let prometheus: Prometheus | undefined;

beforeAll(async () => {
  const tools = await findOrInstallPrometheus();
  if (!tools) return;
  system = new System({ folder: folder.path, usualPorts: false });
  await Promise.all([
    ...[system.startPostgres(), system.startRedis(), system.startTemporal()],
    system.startDoubles(),
  ]);
  await system.prepareData();
  system.saveSettings();
  await Promise.all(SERVICES.map((service) => startService(service)));
  db = createDatabase({
    ...{ url: system.setting('DATABASE_URL'), applicationName: 'a person', maxConnections: 2 },
    onError: () => undefined,
  });
  await stockProduct(db, SKU, 10_000);
  const targets = SERVICES.map(async (service) => {
    return [`tandem-${service}`, new URL(await system.metricsUrl(service)).host] as const;
  });
  prometheus = await Prometheus.start(
    tools.prometheus,
    path.join(folder.path, 'prometheus'),
    Object.fromEntries(await Promise.all(targets)),
  );
}, START_MS);

afterAll(async () => {
  await prometheus?.stop();
  await db?.destroy();
  await system?.processes.stopAll();
  folder.remove();
}, START_MS);

function startService(service: (typeof SERVICES)[number]): Promise<void> {
  return system.startService(service, { CONSUMER_LEASE_SECONDS: LEASE_SECONDS });
}

/** Where Prometheus cannot be had, nothing can be said. */
function incident(name: string, run: () => Promise<void>): void {
  test(
    name,
    async () => {
      if (prometheus) await run();
      else console.warn('not tried: there is no Prometheus here');
    },
    TEST_MS,
  );
}

async function fires(...alerts: string[]): Promise<void> {
  let seen: string[] = [];
  await waitFor(`${alerts.join(', ')} to fire (${seen.join()})`, ALERT_MS, async () => {
    seen = await prometheus!.firing();
    return alerts.every((alert) => seen.includes(alert)) ? true : undefined;
  });
}

async function ceases(...alerts: string[]): Promise<void> {
  await waitFor(`${alerts.join(', ')} to cease`, ALERT_MS, async () => {
    const seen = await prometheus!.firing();
    return alerts.some((alert) => seen.includes(alert)) ? undefined : true;
  });
  for (const alert of alerts) tried.add(alert);
}

async function ops(...args: string[]): Promise<Ended> {
  const ended = await runOps({}, [...args, '--yes', '--data', folder.path]);
  if (ended.code !== 0) throw new Error(`ops ${args.join(' ')}: ${ended.stderr}`);
  return ended;
}

async function place(): Promise<string> {
  const order = {
    customer: { id: 'cus_runbook', email: 'runbook@example.com' },
    lines: [{ sku: SKU, quantity: 1 }],
    paymentMethod: 'pm_card_visa',
  };
  const response = await postOrder(system.ordersApi, order, { key: randomUUID() });
  return ((await response.json()) as { id: string }).id;
}

/** Keeps asking, as clients do, until what it is done for is over. */
async function underTraffic<Result>(ask: () => Promise<unknown>, during: Promise<Result>) {
  let isOver = false;
  const over = during.finally(() => (isOver = true));
  while (!isOver) {
    void Promise.resolve(ask()).catch(() => undefined);
    await sleep(50);
  }
  return over;
}

const askForProducts = () =>
  fetch(`${system.apiUrl}/v1/products`, {
    headers: { Authorization: `Bearer ${system.ordersApi.apiKey}` },
  });

incident('nobody is alarmed while all is well', async () => {
  await place();
  const up = () => prometheus!.value('sum(up)');
  await waitFor('everyone to be seen', ALERT_MS, async () =>
    (await up()) === 3 ? true : undefined,
  );
  await waitFor('the order to be counted', ALERT_MS, async () => {
    const placed = 'sum(tandem_order_placement_duration_seconds_count{status="confirmed"})';
    return (await prometheus!.value(placed)) === 1 ? true : undefined;
  });
  // Before it has looked for the first time, nobody is up.
  await waitFor('nobody to be alarmed', ALERT_MS, async () =>
    (await prometheus!.firing()).length === 0 ? true : undefined,
  );
});

incident('promtool finds nothing wrong with what is shipped', async () => {
  const { promtool } = (await findOrInstallPrometheus())!;
  const check = (...args: string[]) => outputOf(promtool, ['check', ...args], ALERT_MS);
  expect(await check('rules', 'ops/prometheus/alerts.yml')).toContain(
    `${shippedRules().length} rules found`,
  );
  const config = await check('config', '--syntax-only', 'ops/prometheus/prometheus.yml');
  expect(config).toContain('is valid');
});

incident('ApiDown: it is started again', async () => {
  await system.processes.stop('api');
  await fires('ApiDown');
  await startService('api');
  await ceases('ApiDown');
});

incident('PostgresqlDown, ApiFailing: it comes back, and nobody is restarted', async () => {
  await system.processes.stop('postgres');
  await underTraffic(askForProducts, fires('PostgresqlDown', 'ApiFailing'));
  const ready = await fetch(`${system.apiUrl}/readyz`);
  expect(await ready.text()).toContain('postgresql');
  await system.startPostgres();
  await underTraffic(askForProducts, ceases('PostgresqlDown', 'ApiFailing'));
});

incident('TemporalDown: it comes back', async () => {
  await system.processes.stop('temporal');
  await fires('TemporalDown');
  await system.startTemporal();
  await ceases('TemporalDown');
});

incident('SagaWorkerSilent, OrdersStuck: found by the X-ray, ended by a worker', async () => {
  await system.processes.stop('saga-worker');
  const orderId = await place();
  await fires('SagaWorkerSilent', 'OrdersStuck');
  expect((await ops('orders', 'list', '--status', 'pending')).stdout).toContain(orderId);
  expect((await ops('xray', orderId)).stdout).toContain(`${orderId}: pending`);
  await startService('saga-worker');
  await ceases('SagaWorkerSilent', 'OrdersStuck');
});

incident('PaymentProviderFailing: seen in the X-ray, and over when the provider is', async () => {
  const provider = system.setting('STRIPE_API_BASE');
  await planFaults(provider, { seed: 1, rules: [{ on: 'any', fault: 'server-error' }] });
  const orderId = await place();
  await fires('PaymentProviderFailing');
  expect((await ops('xray', orderId)).stdout).toMatch(/✘ authorize payment/);
  await planFaults(provider, { seed: 1, rules: [] });
  await ceases('PaymentProviderFailing');
});

incident('OrdersNeedAttention: listed, looked at, and marked as done', async () => {
  const provider = system.setting('STRIPE_API_BASE');
  await planFaults(provider, { seed: 1, rules: [{ on: 'create', fault: 'wrong-amount' }] });
  const orderId = await place();
  await fires('OrdersNeedAttention');
  await planFaults(provider, { seed: 1, rules: [] });
  expect((await ops('saga', 'list')).stdout).toContain(`${orderId}  failed`);
  const why = ['--step', 'look at the payment', '--why', 'refunded in the dashboard'];
  await ops('saga', 'done', orderId, ...why);
  await ceases('OrdersNeedAttention');
  expect((await ops('audit', 'list')).stdout).toContain(`saga done ${orderId}`);
});

incident('RedisDown, EventsNotPublished: it comes back, and the journal is published', async () => {
  await system.processes.stop('redis');
  await place();
  await fires('RedisDown', 'EventsNotPublished');
  await system.startRedis();
  await ops('reconcile');
  await ceases('RedisDown', 'EventsNotPublished');
});

incident('ConsumerStopped, ConsumerLagging: started again, it goes on where it was', async () => {
  await system.processes.stop('consumer-worker');
  const begun = Date.now();
  await place();
  while (Date.now() - begun < 5_000) await sleep(500);
  await place();
  await fires('ConsumerStopped', 'ConsumerLagging');
  expect((await ops('consumers', 'show', 'loyalty')).stdout).toContain('loyalty: stopped');
  await startService('consumer-worker');
  await ceases('ConsumerStopped', 'ConsumerLagging');
});

incident('ConsumerPaused: found in the record, and resumed', async () => {
  await ops('consumers', 'pause', 'loyalty', '--why', 'counting anew');
  await fires('ConsumerPaused');
  expect((await ops('audit', 'list')).stdout).toContain('counting anew');
  await ops('consumers', 'resume', 'loyalty');
  await ceases('ConsumerPaused');
});

incident('DeadLetters: known by their fingerprint, edited, and redriven', async () => {
  const poison = breaksOf({ stoppedMs: 0, providerMs: 0 }).find(({ id }) => id === 'poison-event')!;
  await poison.run(system);
  await fires('DeadLetters');
  const listed = await ops('dead-letters', 'fingerprints', '--json');
  const found = JSON.parse(listed.stdout) as { group: string; latestId: number }[];
  for (const { group, latestId } of found) {
    const shown = await ops('dead-letters', 'show', group, String(latestId), '--json');
    const letter = JSON.parse(shown.stdout) as {
      fields: Record<string, string>;
      flaws: { path: string }[];
    };
    expect(letter.flaws).toEqual([expect.objectContaining({ path: 'data.code' })]);
    const file = path.join(folder.path, `${group}.json`);
    writeFileSync(file, letter.fields['ce']!.replace('"code":42', '"code":"out_of_stock"'));
    await ops('dead-letters', 'edit', group, String(latestId), '--event', file);
    await ops('dead-letters', 'redrive', group, String(latestId), '--wait');
  }
  await ceases('DeadLetters');
});

incident('ConsumerProbing: it notices by itself that what it needs is mended', async () => {
  await sql`alter table loyalty.points rename to mislaid`.execute(db);
  await Promise.all(Array.from({ length: 25 }, place));
  await fires('ConsumerProbing');
  await sql`alter table loyalty.mislaid rename to points`.execute(db);
  await ceases('ConsumerProbing');
});

incident('DatabasePoolExhausted: the session that blocks is found and ended', async () => {
  const blocking = db.connection().execute(async (connection) => {
    await sql`begin`.execute(connection);
    await sql`lock table inventory.products in access exclusive mode`.execute(connection);
    await sql`select pg_sleep(60)`.execute(connection);
  });
  blocking.catch(() => undefined);
  await underTraffic(askForProducts, fires('DatabasePoolExhausted'));
  const { rows } = await sql<{ pid: number }>`
    select distinct unnest(pg_blocking_pids(pid)) as pid
    from pg_stat_activity where wait_event_type = 'Lock'`.execute(db);
  for (const { pid } of rows) await sql`select pg_terminate_backend(${pid})`.execute(db);
  await ceases('DatabasePoolExhausted');
});

incident('what the page, the alerts and the dashboard name is what the processes say', async () => {
  const pages = await Promise.all(
    SERVICES.map(async (service) => (await fetch(await system.metricsUrl(service))).text()),
  );
  const said = namesIn([...pages.join('\n').matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!));
  const read = (file: string) => readFileSync(file, 'utf8').match(/\btandem_[a-z_]+/g) ?? [];
  const known = namesIn(read('docs/metrics.md'));
  expect(known).toEqual(said);
  for (const file of ['ops/prometheus/alerts.yml', 'ops/grafana/tandem.json']) {
    const named = namesIn(read(file).map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  }
  expect(pages[1]).toMatch(/^temporal_/m);
});

/** Ours alone, each once. */
function namesIn(names: readonly string[]): string[] {
  return [...new Set(names.filter((name) => name.startsWith('tandem_')))].sort();
}

incident('every alert that is shipped was tried, and has its page', async () => {
  const rules = shippedRules();
  expect([...tried].sort()).toEqual(rules.map(({ alert }) => alert).sort());
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/runbooks/${alert}.md`);
    expect(existsSync(annotations.runbook)).toBe(true);
  }
  return Promise.resolve();
});

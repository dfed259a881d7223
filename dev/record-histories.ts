import { writeFileSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { orderSagaId } from '../workflows/messages';
import { scratchFolder } from './scratch-folder';
import { SERVICES, System } from './system';
import { waitFor } from './wait';

const HISTORIES_FOLDER = path.join(__dirname, '..', 'test', 'histories');
const END_TIMEOUT_MS = 60_000;

/** Longer than the short placement deadline below, shorter than an activity's 10 s. */
const SLOW_ANSWER_MS = 4_000;
const SHORT_DEADLINE_SECONDS = 2;

/** Longer than the payment client waits: an attempt fails though it took effect. */
const NO_ANSWER_MS = 8_500;

/** Brings up a system of its own, lets one order end in each way, and writes the histories down. */
async function recordAll(): Promise<void> {
  const folder = scratchFolder('tandem-histories-');
  const system = new System({ folder: folder.path, usualPorts: false });
  try {
    await Promise.all([system.startPostgres(), system.startRedis(), system.startTemporal()]);
    await system.startDoubles();
    await system.prepareData();
    for (const service of SERVICES) await system.startService(service);
    await withClient(system, (client) => recordOutcomes(system, client));
  } finally {
    await system.processes.stopAll();
    folder.remove();
  }
}

async function withClient(system: System, use: (client: Client) => Promise<void>): Promise<void> {
  const connection = await Connection.connect({ address: system.setting('TEMPORAL_ADDRESS') });
  try {
    await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}

async function recordOutcomes(system: System, client: Client): Promise<void> {
  await record(client, 'confirmed', await place(system, {}));
  await record(client, 'rejected-out-of-stock', await place(system, { sku: 'WHISK-BAMBOO' }));
  const declined = await place(system, { paymentMethod: 'pm_card_chargeDeclined' });
  await record(client, 'rejected-payment-declined', declined);

  await delayPayments(system, SLOW_ANSWER_MS);
  const cancelled = await place(system, {});
  await waitForActivity(client, cancelled, 'authorizePayment');
  await client.workflow.getHandle(orderSagaId(cancelled)).cancel();
  await record(client, 'cancelled-while-authorizing', cancelled);

  await system.processes.stop('api');
  await system.startService('api', {
    PLACEMENT_DEADLINE_SECONDS: String(SHORT_DEADLINE_SECONDS),
  });
  await delayPayments(system, NO_ANSWER_MS);
  const unanswered = await place(system, {});
  await waitForActivity(client, unanswered, 'voidAuthorization');
  await delayPayments(system, 0);
  await record(client, 'failed-deadline-during-attempt', unanswered);

  await system.processes.stop('payment-simulator');
  await record(client, 'failed-placement-deadline', await placeAndRestorePayments(system));
}

/** The provider is away until the deadline is over: the outcome of the payment stays unknown. */
async function placeAndRestorePayments(system: System): Promise<string> {
  const orderId = await place(system, {});
  await new Promise((resolve) => setTimeout(resolve, 2 * SHORT_DEADLINE_SECONDS * 1000));
  await system.startPaymentSimulator();
  return orderId;
}

async function place(
  system: System,
  { sku = 'TEA-SENCHA', paymentMethod = 'pm_card_visa' },
): Promise<string> {
  const response = await fetch(`${system.apiUrl}/v1/orders`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify({
      customer: { id: 'cus_history', email: 'history@example.com' },
      lines: [{ sku, quantity: 1 }],
      paymentMethod,
    }),
  });
  return ((await response.json()) as { id: string }).id;
}

async function delayPayments(system: System, answerDelayMs: number): Promise<void> {
  await fetch(`${system.setting('STRIPE_API_BASE')}/simulator/delay`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ answerDelayMs }),
  });
}

async function waitForActivity(client: Client, orderId: string, activity: string): Promise<void> {
  const handle = client.workflow.getHandle(orderSagaId(orderId));
  await waitFor(activity, END_TIMEOUT_MS, async () => {
    const { raw } = await handle.describe();
    const pending = raw.pendingActivities?.[0]?.activityType?.name;
    return pending === activity ? true : undefined;
  });
}

async function record(client: Client, name: string, orderId: string): Promise<void> {
  const handle = client.workflow.getHandle(orderSagaId(orderId));
  await waitFor(`${name} to end`, END_TIMEOUT_MS, async () =>
    handle.describe().then(
      ({ status }) => (status.name === 'COMPLETED' ? true : undefined),
      () => undefined,
    ),
  );
  const history = withoutMachine(historyToJSON(await handle.fetchHistory()));
  writeFileSync(path.join(HISTORIES_FOLDER, `${name}.json`), `${history}\n`);
  console.log(`recorded ${name}`);
}

/** Stack traces and identities name this machine and its folders; nothing of that is the order's. */
function withoutMachine(history: string): string {
  return history
    .replaceAll(path.join(__dirname, '..', path.sep), '')
    .replaceAll(path.join(__dirname, '..'), '.')
    .replaceAll(`@${hostname()}`, '@worker');
}

recordAll().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

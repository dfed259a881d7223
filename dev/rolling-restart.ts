import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { loadSettingsFile } from '../ops/tools';
import { readEnvironment } from '../platform/config';
import { postOrder, type OrdersApi } from './post-order';
import { waitFor } from './wait';

const USAGE = `npm run rolling-restart -- [--rate ORDERS] [--data FOLDER]

Starts every process of the system that npm start -- --scale … runs anew, one after another, while
orders come (20 a second, --rate) and are read; tells what was refused and what was lost, which should
be nothing. Exit code 1 when something was.`;

const MAX_RATE = 200;
/** Orders come before and after, so that the first and the last restart are under load too. */
const AROUND_MS = 2_000;
const REQUEST_TIMEOUT_MS = 15_000;
const END_TIMEOUT_MS = 60_000;

/** What became of the requests. */
interface Counts {
  orders: number;
  reads: number;
  readonly failures: Map<string, number>;
  readonly orderIds: string[];
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rate: { type: 'string', default: '20' },
      data: { type: 'string', default: '.tandem' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const rate = Number(values.rate);
  if (!(rate > 0 && rate <= MAX_RATE)) throw new Error(`--rate takes 1 to ${MAX_RATE}\n\n${USAGE}`);
  loadSettingsFile(values.data, 'TANDEM_API_URL');
  const {
    TANDEM_API_URL: url,
    TANDEM_API_KEY: apiKey,
    DEVELOPMENT_URL: control,
  } = readEnvironment();
  if (!url || !apiKey || !control) throw new Error('npm start does not run there');

  const counts: Counts = { orders: 0, reads: 0, failures: new Map(), orderIds: [] };
  const load = startLoad({ url, apiKey }, rate, counts);
  await sleep(AROUND_MS);
  const failed = await roll(control, apiKey).catch((error: unknown) => error as Error);
  await sleep(AROUND_MS);
  await load.stop();
  if (failed instanceof Error) throw failed;
  const unended = await untilEnded({ url, apiKey }, counts.orderIds);
  report(counts, unended);
}

/** Orders at a steady rate, each then read once; no request is sent a second time. */
function startLoad(api: OrdersApi, rate: number, counts: Counts) {
  const running = new Set<Promise<void>>();
  const timer = setInterval(() => {
    const one = orderAndRead(api, counts).finally(() => running.delete(one));
    running.add(one);
  }, 1000 / rate);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(running);
    },
  };
}

async function orderAndRead(api: OrdersApi, counts: Counts): Promise<void> {
  const order = {
    customer: { id: `cus_${randomUUID()}`, email: 'rolling@example.com' },
    lines: [{ sku: 'TEA-SENCHA', quantity: 1 }],
    paymentMethod: 'pm_card_visa',
  };
  counts.orders += 1;
  const accepted = await attempt(counts, () => postOrder(api, order, { key: randomUUID() }));
  if (!accepted) return;
  counts.orderIds.push(accepted.id);
  counts.reads += 1;
  await attempt(counts, () => readOrder(api, accepted.id));
}

/** The order that was answered; a refusal, or a connection that breaks off, is counted as what it is. */
async function attempt(
  { failures }: Counts,
  send: () => Promise<Response>,
): Promise<{ id: string } | undefined> {
  const gaveUp = sleep(REQUEST_TIMEOUT_MS, new Error('no answer'), { ref: false });
  const sent = send().then(async (response) => {
    if (!response.ok) return new Error(`status ${response.status}`);
    return (await response.json()) as { id: string };
  });
  const answer = await Promise.race([sent, gaveUp]).catch((error: Error) => error);
  if (!(answer instanceof Error)) return answer;
  const what = causeOf(answer);
  failures.set(what, (failures.get(what) ?? 0) + 1);
  return undefined;
}

function causeOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

function readOrder({ url, apiKey }: OrdersApi, id: string): Promise<Response> {
  return fetch(`${url}/v1/orders/${id}`, {
    headers: { Authorization: `Bearer ${apiKey}` },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
}

/** Asks the launcher, and prints its lines as they come. */
async function roll(control: string, apiKey: string): Promise<void> {
  const headers = { Authorization: `Bearer ${apiKey}` };
  const response = await fetch(`${control}/rolling-restart`, { method: 'POST', headers });
  if (!response.ok) throw new Error(await response.text());
  const decoder = new TextDecoder();
  let all = '';
  for await (const chunk of response.body!) {
    const text = decoder.decode(chunk as Uint8Array, { stream: true });
    all += text;
    process.stdout.write(text);
  }
  if (/^failed: /m.test(all)) throw new Error('not every process is back');
}

/** The orders that have not ended when they should have, or that nobody knows. */
async function untilEnded(api: OrdersApi, ids: readonly string[]): Promise<string[]> {
  let open = [...ids];
  await waitFor('every order to end', END_TIMEOUT_MS, async () => {
    const still: string[] = [];
    for (const id of open) {
      const response = await readOrder(api, id);
      const { status } = (await response.json()) as { status?: unknown };
      if (!response.ok || status === 'pending') still.push(id);
    }
    open = still;
    return open.length === 0 ? true : undefined;
  }).catch(() => undefined);
  return open;
}

function report({ orders, reads, failures }: Counts, unended: readonly string[]): void {
  const failed = [...failures.values()].reduce((sum, count) => sum + count, 0);
  console.log(`${orders} orders placed and ${reads} read: ${failed} requests failed`);
  for (const [what, count] of failures) console.log(`  ${count} times: ${what}`);
  console.log(`${unended.length} orders lost or without an end`);
  for (const id of unended.slice(0, 10)) console.log(`  ${id}`);
  if (failed + unended.length > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

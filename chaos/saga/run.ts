import { execFileSync } from 'node:child_process';
import type { Database } from '../../db/database';
import { planFaults } from '../../dev/payment-simulator/client';
import { postOrder } from '../../dev/post-order';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import { openEvidence } from '../evidence';
import { violations } from '../invariants';
import { kill } from '../kill';
import type { SoakResult } from '../soak-command';
import { seededRandom, startRefusingProxy, type RefusingProxy } from '../proxy';

const DECLINED_SHARE = 0.1;
const LOST_REPLY_SHARE = 0.05;
const REFUSED_SHARE = 0.05;
const KILL_EVERY_MS = 3_000;
const BREAK_EVERY_MS = 500;

/** Orders a second: slow enough that kills and faults fall between them. */
const RATE = 10;
const SETTLE_TIMEOUT_MS = 240_000;
const INITIAL_STOCK = 1_000_000;
const SKU = 'SOAK';

/** Runs the soak on servers of its own. */
export async function runSoak({
  orders,
  seed,
}: {
  orders: number;
  seed: number;
}): Promise<SoakResult> {
  // A worker that is killed every few seconds must start in less.
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return onScratchSystem({ name: 'soak', isBuilt: true }, async (system) => {
    const proxies: RefusingProxy[] = [];
    try {
      const random = seededRandom(seed);
      const through = {
        DATABASE_URL: await proxied(system.setting('DATABASE_URL'), random, proxies),
        REDIS_URL: await proxied(system.setting('REDIS_URL'), random, proxies),
      };
      const restarts = { delayMs: 200, max: 1_000 };
      await system.startService('saga-worker', through, restarts);
      await system.startService('saga-worker', through, restarts, 'saga-worker-2');
      await system.startService('api', through);
      await system.startService('consumer-worker', through);
      return await soak(system, proxies, { orders, seed });
    } finally {
      for (const proxy of proxies) proxy.close();
    }
  });
}

async function proxied(
  url: string,
  random: () => number,
  proxies: RefusingProxy[],
): Promise<string> {
  const target = new URL(url);
  const proxy = await startRefusingProxy(Number(target.port), REFUSED_SHARE, random);
  proxies.push(proxy);
  target.port = String(proxy.port);
  return target.toString();
}

async function soak(
  system: System,
  proxies: readonly RefusingProxy[],
  { orders, seed }: { orders: number; seed: number },
): Promise<SoakResult> {
  const evidence = await openEvidence(system, { name: 'soak', sku: SKU, onHand: INITIAL_STOCK });
  const { db } = evidence;
  try {
    const rules = [{ fault: 'drop-reply', rate: LOST_REPLY_SHARE }];
    await planFaults(system.setting('STRIPE_API_BASE'), { seed, rules });
    const nemesis = startNemesis(system, proxies);
    const answers = await placeOrders(system, orders, seed);
    const begun = performance.now();
    // The faults go on until the last order has ended.
    await waitFor('every order to end', SETTLE_TIMEOUT_MS, async () =>
      (await countPending(db)) === 0 ? true : undefined,
    );
    const settledMs = Math.round(performance.now() - begun);
    nemesis.stop();
    await untilPublished(db);
    return {
      figures: {
        'orders posted': orders,
        'accepted (202)': answers.accepted,
        'posts tried again': answers.retried,
        'ended as': await countByStatus(db),
        'worker kills': nemesis.kills(),
        'connections refused': proxies.reduce((sum, { refused }) => sum + refused(), 0),
        'intents at the provider': (await evidence.intents()).length,
        'last order ended after ms': settledMs,
      },
      violations: await violations(evidence),
    };
  } finally {
    await evidence.close();
  }
}

/** Kills the saga worker and breaks connections, again and again. */
function startNemesis(system: System, proxies: readonly RefusingProxy[]) {
  let kills = 0;
  const killing = setInterval(() => {
    // By turns, so that one of them has had time to start.
    if (kill(system, kills % 2 === 0 ? 'saga-worker' : 'saga-worker-2')) kills += 1;
  }, KILL_EVERY_MS);
  const breaking = setInterval(() => proxies.forEach((proxy) => proxy.breakSome()), BREAK_EVERY_MS);
  return {
    kills: () => kills,
    stop() {
      clearInterval(killing);
      clearInterval(breaking);
    },
  };
}

/** Places orders at a steady rate; a client asks again with its key until it has an answer. */
async function placeOrders(system: System, orders: number, seed: number) {
  const random = seededRandom(seed + 1);
  const counts = { accepted: 0, retried: 0 };
  const placing: Promise<void>[] = [];
  for (let i = 0; i < orders; i += 1) {
    const isDeclined = random() < DECLINED_SHARE;
    placing.push(placeOne(system, `soak-${seed}-${i}`, isDeclined, counts));
    await new Promise((resolve) => setTimeout(resolve, 1000 / RATE));
  }
  await Promise.all(placing);
  return counts;
}

async function placeOne(
  system: System,
  key: string,
  isDeclined: boolean,
  counts: { accepted: number; retried: number },
): Promise<void> {
  const order = {
    customer: { id: 'cus_soak', email: 'soak@example.com' },
    lines: [{ sku: SKU, quantity: 1 }],
    paymentMethod: isDeclined ? 'pm_card_chargeDeclined' : 'pm_card_visa',
  };
  await waitFor(`an answer for ${key}`, SETTLE_TIMEOUT_MS, async () => {
    const response = await postOrder(system.ordersApi, order, { key });
    if (response.status === 202) return true;
    counts.retried += 1;
    return undefined;
  });
  counts.accepted += 1;
}

async function countPending(db: Database): Promise<number> {
  const rows = db.selectFrom('orders.orders').select('order_id').where('status', '=', 'pending');
  return (await rows.execute()).length;
}

async function untilPublished(db: Database): Promise<void> {
  await waitFor(
    'every event to be published and the money to be taken',
    SETTLE_TIMEOUT_MS,
    async () => {
      const unpublished = db
        .selectFrom('orders.journal')
        .select('event_id')
        .where('event_id', 'is not', null)
        .where('stream_id', 'is', null);
      const uncaptured = db
        .selectFrom('orders.orders')
        .select('order_id')
        .where('status', '=', 'confirmed')
        .where('payment_status', '<>', 'captured');
      const left = (await unpublished.execute()).length + (await uncaptured.execute()).length;
      return left === 0 ? true : undefined;
    },
  );
}

async function countByStatus(db: Database): Promise<Record<string, number>> {
  const rows = await db
    .selectFrom('orders.orders')
    .select(['status', (builder) => builder.fn.countAll<number>().as('count')])
    .groupBy('status')
    .execute();
  return Object.fromEntries(rows.map(({ status, count }) => [status, Number(count)]));
}

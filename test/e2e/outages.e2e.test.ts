import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../dev/wait';
import { RECONCILIATION } from '../../workflows/messages';
import type { reconciliation } from '../../workflows/reconciliation';
import { violations } from '../../chaos/invariants';
import { Stack } from './stack';

/** Longer than any try, and than the time after which a start is taken by another worker. */
const OUTAGE_MS = 30_000;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock('OUTAGE', 1_000);
});
afterAll(() => stack.close());

test('orders are accepted while Temporal hangs, and the sweep starts their sagas afterwards', async () => {
  const temporal = stack.pidOf('temporal');
  process.kill(temporal, 'SIGSTOP');
  let ids: string[];
  try {
    const responses = await Promise.all(
      Array.from({ length: 10 }, () => stack.post({ sku: 'OUTAGE' })),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(10).fill(202));
    const orders = await Promise.all(responses.map((response) => response.json()));
    ids = orders.map((order) => (order as { id: string }).id);
    await waitFor('the saga worker to give the starts up', 30_000, () =>
      ids.every((id) =>
        stack.log('saga-worker').includes(`"orderId":"${id}","msg":"saga not started`),
      )
        ? true
        : undefined,
    );
  } finally {
    process.kill(temporal, 'SIGCONT');
  }
  const ended = await Promise.all(ids.map((id) => stack.ended(id)));
  expect(ended.map(({ status }) => status)).toEqual(Array(10).fill('confirmed'));
  await stack.reacted(ids);
  expect(await violations(stack)).toEqual([]);
});

test('after Redis lost everything no order is lost and no effect is doubled', async () => {
  const before = await placeTwenty();
  await stack.redis.flushAll();
  const after = await placeTwenty();
  await stack.reacted([...before, ...after]);
  const counts = await Promise.all([...before, ...after].map((id) => stack.mailsAbout(id)));
  expect(counts.map((mails) => mails.length)).toEqual(Array(40).fill(1));
  expect(await violations(stack)).toEqual([]);
});

test('events that Redis lost before anyone saw them are published again, in effect once', async () => {
  process.kill(stack.pidOf('consumer-worker'), 'SIGSTOP');
  const placed = await Promise.all(Array.from({ length: 5 }, () => stack.place({ sku: 'OUTAGE' })));
  const ids = placed.map(({ id }) => id);
  await Promise.all(ids.map((id) => stack.ended(id)));
  await stack.redis.flushAll();
  process.kill(stack.pidOf('consumer-worker'), 'SIGCONT');
  // Younger events are left to their own sagas.
  await waitFor('them to be published again', 100_000, async () => {
    const report = await stack.temporal.workflow.execute<typeof reconciliation>(RECONCILIATION, {
      workflowId: `reconciliation-test-${Date.now()}`,
      taskQueue: 'orders',
      args: [{ overdueSeconds: 3600, sinceHours: 1 }],
    });
    return report.streams.republished.length === 0 && report.streams.compared > 0
      ? (await stack.handled('loyalty', ids)) === ids.length || undefined
      : undefined;
  });
  await stack.reacted(ids);
  expect(await violations(stack)).toEqual([]);
});

test('fifty orders are accepted while Temporal is stopped for thirty seconds, and all end afterwards', async () => {
  const temporal = stack.pidOf('temporal');
  process.kill(temporal, 'SIGSTOP');
  const isOver = sleep(OUTAGE_MS);
  let ids: string[];
  try {
    const responses = await Promise.all(
      Array.from({ length: 50 }, () => stack.post({ sku: 'OUTAGE' })),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(202));
    const orders = (await Promise.all(responses.map((response) => response.json()))) as {
      id: string;
    }[];
    ids = orders.map(({ id }) => id);
    // Half of them are called off meanwhile, and that is accepted as well.
    const cancelled = await Promise.all(ids.slice(25).map((id) => stack.cancel(id)));
    expect(cancelled.map(({ status }) => status)).toEqual(Array(25).fill(202));
    await isOver;
  } finally {
    process.kill(temporal, 'SIGCONT');
  }
  const ended = await Promise.all(ids.map((id) => stack.ended(id)));
  const statuses = ended.map(({ status }) => status);
  expect(statuses).toEqual([
    ...Array<string>(25).fill('confirmed'),
    ...Array<string>(25).fill('cancelled'),
  ]);
});

/** Twenty orders, from the request to the last reaction. */
async function placeTwenty(): Promise<string[]> {
  const placed = await Promise.all(
    Array.from({ length: 20 }, () => stack.place({ sku: 'OUTAGE' })),
  );
  const ended = await Promise.all(placed.map(({ id }) => stack.ended(id)));
  expect(ended.map(({ status }) => status)).toEqual(Array(20).fill('confirmed'));
  const ids = ended.map(({ id }) => id);
  await stack.reacted(ids);
  return ids;
}

test('a killed API comes back, and what it had accepted goes on', async () => {
  const placed = await Promise.all(Array.from({ length: 5 }, () => stack.place({ sku: 'OUTAGE' })));
  await stack.killAndAwaitRestart('api');
  await waitFor('the API', 30_000, async () =>
    (await fetch(`${stack.apiUrl}/readyz`)).ok ? true : undefined,
  );
  const ended = await Promise.all(placed.map(({ id }) => stack.ended(id)));
  expect(ended.map(({ status }) => status)).toEqual(Array(5).fill('confirmed'));
});

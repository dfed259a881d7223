import { sql } from 'kysely';
import { waitFor } from '../../dev/wait';
import { PARTITIONS, streamKey } from '../../events/streams';
import { stockOf } from '../jest/new-order';
import { violations } from '../../chaos/invariants';
import { Stack } from './stack';

const TIMEOUT_MS = 60_000;

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock('CRASH', 1_000);
});
afterAll(() => stack.close());
afterEach(async () => expect(await violations(stack)).toEqual([]));

/** Keeps a step from ending until it is let go; returns how to let it go. */
type Hold = () => Promise<() => Promise<void>>;

const holdDatabaseRow =
  (lock: (orderId: string) => ReturnType<typeof sql>) =>
  (orderId = ''): Hold =>
  async () => {
    let letGo: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (letGo = resolve));
    let isLocked: () => void = () => undefined;
    const locked = new Promise<void>((resolve) => (isLocked = resolve));
    const transaction = stack.db.transaction().execute(async (tx) => {
      await lock(orderId).execute(tx);
      isLocked();
      await released;
    });
    await locked;
    return async () => {
      letGo();
      await transaction;
    };
  };
const holdStock = holdDatabaseRow(
  () => sql`select from inventory.stock where sku = 'CRASH' for update`,
)();
const holdPayments: Hold = async () => {
  await stack.delayPayments(8_000);
  return () => stack.delayPayments(0);
};
const holdStreams: Hold = async () => {
  await stack.redis.sendCommand(['CLIENT', 'PAUSE', '60000', 'WRITE']);
  return async () => void (await stack.redis.sendCommand(['CLIENT', 'UNPAUSE']));
};

test.each<[step: string, hold: Hold]>([
  ['reserveStock', holdStock],
  ['authorizePayment', holdPayments],
  ['publishEvent', holdStreams],
])('the saga worker is killed in %s: the order ends, with everything right', async (step, hold) => {
  const before = await stockOf(stack.db, 'CRASH');
  const letGo = await hold();
  let orderId: string;
  try {
    orderId = (await stack.place({ sku: 'CRASH', quantity: 2 })).id;
    await waitFor(`${step} to be under way`, TIMEOUT_MS, async () =>
      (await stack.startedActivity(orderId)) === step ? true : undefined,
    );
    await stack.killAndAwaitRestart('saga-worker');
  } finally {
    await letGo();
  }
  const ended = await stack.ended(orderId);
  expect(ended).toMatchObject({ status: 'confirmed', paymentStatus: 'captured' });
  await stack.reacted([orderId]);
  expect(await stockOf(stack.db, 'CRASH')).toEqual({ on_hand: before.on_hand - 2, reserved: 0 });
  expect(await stack.intents(orderId)).toMatchObject([{ status: 'succeeded' }]);
  expect(await stack.mailsAbout(orderId)).toHaveLength(1);
});

test('the saga worker is killed in the capture: the money is taken once', async () => {
  const { id } = await stack.place({ sku: 'CRASH' }, { waitSeconds: 20 });
  await stack.ended(id);
  const letGo = await holdStreams();
  const next = (await stack.place({ sku: 'CRASH' })).id;
  await waitFor('the order to be confirmed', TIMEOUT_MS, async () =>
    (await stack.order(next)).status === 'confirmed' ? true : undefined,
  );
  await holdPayments();
  await letGo();
  try {
    await waitFor('the capture to be under way', TIMEOUT_MS, async () =>
      (await stack.startedActivity(next)) === 'capturePayment' ? true : undefined,
    );
    await stack.killAndAwaitRestart('saga-worker');
  } finally {
    await stack.delayPayments(0);
  }
  expect(await stack.ended(next)).toMatchObject({ paymentStatus: 'captured' });
});

test('a consumer is killed between its effect and its acknowledgement: one effect, one mail', async () => {
  let letEffectsHappen: () => void = () => undefined;
  const allowed = new Promise<void>((resolve) => (letEffectsHappen = resolve));
  let isLocked: () => void = () => undefined;
  const locked = new Promise<void>((resolve) => (isLocked = resolve));
  const transaction = stack.db.transaction().execute(async (tx) => {
    await sql`lock table loyalty.points, notification.mails in exclusive mode`.execute(tx);
    isLocked();
    await allowed;
  });
  await locked;
  const { id } = await stack.place({ sku: 'CRASH' });
  await waitFor('both consumers to have been given the event', TIMEOUT_MS, async () =>
    (await pending('loyalty')) > 0 && (await pending('notification')) > 0 ? true : undefined,
  );

  // From here on no acknowledgement is carried out.
  const letGo = await holdStreams();
  const connections = await consumerConnections();
  letEffectsHappen();
  await transaction;
  await waitFor('both effects', TIMEOUT_MS, async () =>
    (await stack.handled('loyalty', [id])) + (await stack.handled('notification', [id])) === 2
      ? true
      : undefined,
  );
  // A mail on its way when the process dies may be sent twice; that is not what is tried here.
  await waitFor('the mail to be sent', TIMEOUT_MS, async () => {
    const sent = sql`select from notification.mails where order_id = ${id} and state = 'sent'`;
    return (await sent.execute(stack.db)).rows.length === 1 ? true : undefined;
  });
  process.kill(stack.pidOf('consumer-worker'), 'SIGKILL');
  await waitFor('its connections to be gone', TIMEOUT_MS, async () => {
    const open = await consumerConnections();
    return connections.some((connection) => open.includes(connection)) ? undefined : true;
  });
  expect(await pending('loyalty')).toBeGreaterThan(0);
  await letGo();

  await waitFor('everything to be acknowledged', TIMEOUT_MS, async () =>
    (await pending('loyalty')) + (await pending('notification')) === 0 ? true : undefined,
  );
  await stack.ended(id);
  await stack.reacted([id]);
  const points = await sql`select from loyalty.points where order_id = ${id}`.execute(stack.db);
  expect(points.rows).toHaveLength(1);
  expect(await stack.mailsAbout(id)).toHaveLength(1);
});

async function pending(group: string): Promise<number> {
  const summaries = await Promise.all(
    PARTITIONS.map((partition) => stack.redis.xPending(streamKey(partition), group)),
  );
  return summaries.reduce((sum, summary) => sum + summary.pending, 0);
}

async function consumerConnections(): Promise<string[]> {
  const list = await stack.redis.sendCommand<string>(['CLIENT', 'LIST']);
  const ours = list.split('\n').filter((line) => /name=tandem-(loyalty|notification)/.test(line));
  return ours.map((line) => /id=(\d+)/.exec(line)![1]!);
}

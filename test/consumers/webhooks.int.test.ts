import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { sql } from 'kysely';
import { Webhook } from 'standardwebhooks';
import { consumer } from '../../consumers/webhooks';
import { Deliverer } from '../../consumers/webhooks/deliver';
import { forgetDeliveries } from '../../consumers/webhooks/ledger';
import { send } from '../../consumers/webhooks/send';
import type { WebhooksSchema } from '../../consumers/webhooks/tables';
import { redeliver, registerEndpoint, rotateSecret } from '../../db/webhook-endpoints';
import { OrderCreated, OrderRejected } from '../../events/order-events';
import { createSealer } from '../../events/sealing';
import { ConsumerHarness, orderFacts } from './consumer-harness';

const KEY = { id: 'k', secret: Buffer.alloc(32).toString('base64url') };
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const NEW_SECRET = `whsec_${Buffer.alloc(32, 8).toString('base64')}`;
const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_000 }];
const sealer = createSealer([KEY]);
const policy = { isLoopbackAllowed: true };
const SWITCHING = 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n';
const OK_HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n';

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let webhooks: ConsumerHarness<WebhooksSchema>;
let deliverer: Deliverer;
let server: Server;
let url: string;
let received: Received[];
let answer: (request: IncomingMessage) => number;

beforeEach(async () => {
  const settings = { EVENT_SEALING_KEYS: `k:${KEY.secret}`, WEBHOOKS_ALLOW_LOOPBACK: 'true' };
  webhooks = await ConsumerHarness.open(consumer, settings);
  deliverer = new Deliverer(sealer, { policy });
  received = [];
  answer = () => 204;
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      received.push({ headers, body: Buffer.concat(chunks).toString() });
      response.writeHead(answer(request), { location: 'http://127.0.0.1:1/' }).end('thanks');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
});
afterEach(async () => {
  await deliverer.idle();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await webhooks.close();
});

async function register(eventTypes: string[] | null = null, at = url): Promise<string> {
  const contactSealed = await sealer.seal({ email: 'it@example.com' });
  const endpoint = await registerEndpoint(
    webhooks.database.db,
    'shop',
    {
      ...{ url: at, eventTypes, description: '' },
      ...{ contactSealed, secretSealed: await sealer.seal(SECRET) },
    },
    10,
  );
  return endpoint!.id;
}

const order = (id: string) => webhooks.tell(OrderCreated, { ...orderFacts(id), lines });

async function deliver(): Promise<void> {
  await deliverer.beginDue(webhooks.db, new AbortController().signal);
  await deliverer.idle();
}

const deliveries = () => webhooks.db.selectFrom('deliveries').selectAll().execute();
const makeDue = () =>
  webhooks.db
    .updateTable('deliveries')
    .set({ due_at: new Date(0) })
    .execute();

test('an event reaches each endpoint that wants it, once, signed so that the standard library verifies it', async () => {
  await register();
  await register([OrderRejected.type]);
  expect(await order('o1')).toEqual({ deliveries: 1 });
  await webhooks.tell(OrderRejected, { ...orderFacts('o2'), code: 'out_of_stock' });
  await deliver();
  await deliver();
  expect(received).toHaveLength(3);
  for (const { headers, body } of received) {
    const told = new Webhook(SECRET).verify(body, headers) as { data: object };
    expect(Object.keys(told).sort()).toEqual(['data', 'timestamp', 'type']);
    expect(told.data).not.toHaveProperty('sealed');
  }
  expect(received.map(({ headers }) => headers['webhook-id']).sort()).toEqual([
    'o1/OrderCreated/1',
    'o2/OrderRejected/1',
    'o2/OrderRejected/1',
  ]);
});

test('while a secret is rotated both verify, and the older one not for ever', async () => {
  const id = await register();
  const secretSealed = await sealer.seal(NEW_SECRET);
  await rotateSecret(webhooks.database.db, 'shop', { id, secretSealed });
  await order('o1');
  await deliver();
  const [{ headers, body }] = received as [Received];
  for (const secret of [SECRET, NEW_SECRET]) new Webhook(secret).verify(body, headers);
  await webhooks.db
    .updateTable('secrets')
    .set({ expires_at: new Date(0) })
    .where('expires_at', 'is not', null)
    .execute();
  await order('o2');
  await deliver();
  const [, second] = received as [Received, Received];
  new Webhook(NEW_SECRET).verify(second.body, second.headers);
  expect(() => new Webhook(SECRET).verify(second.body, second.headers)).toThrow();
});

test.each([500, 302, 404])(
  'an answer of %i is tried again later, with the same id',
  async (status) => {
    await register();
    await order('o1');
    answer = () => status;
    await deliver();
    await deliver();
    expect(received).toHaveLength(1);
    const [waiting] = await deliveries();
    expect(waiting).toMatchObject({ state: 'pending', attempts: 1 });
    expect(waiting!.due_at.getTime()).toBeGreaterThan(Date.now() + 2_000);
    answer = () => 200;
    await makeDue();
    await deliver();
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
    expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
    const log = await webhooks.db.selectFrom('attempts').selectAll().orderBy('attempt').execute();
    expect(log.map((one) => one.status)).toEqual([status, 200]);
  },
);

test('gives up after nine retries or three days, and delivers when asked again', async () => {
  const id = await register();
  await order('o1');
  answer = () => 500;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    await makeDue();
    await deliver();
  }
  expect(await deliveries()).toMatchObject([{ state: 'failed', attempts: 10 }]);
  await order('o2');
  await webhooks.db
    .updateTable('deliveries')
    .set({ gives_up_at: new Date(0) })
    .where('event_id', '=', 'o2/OrderCreated/1')
    .execute();
  await deliver();
  expect((await deliveries()).map(({ state }) => state)).toEqual(['failed', 'failed']);
  answer = () => 200;
  const [first] = await deliveries();
  expect(await redeliver(webhooks.database.db, id, first!.delivery_id)).toBe(true);
  await deliver();
  expect((await deliveries()).map(({ state }) => state).sort()).toEqual(['delivered', 'failed']);
});

async function outbox() {
  const { rows } = await sql<{ event_type: string; body: string }>`
    select event_type, body from outbox`.execute(webhooks.db);
  return rows;
}

test('an endpoint that took nothing for three days is disabled, and its owner is told', async () => {
  const endpointId = await register();
  await order('o1');
  answer = () => 500;
  await deliver();
  expect(await outbox()).toEqual([]);
  const since = new Date(Date.now() - 73 * 3_600_000);
  await webhooks.db.updateTable('endpoints').set({ failing_since: since }).execute();
  await makeDue();
  await deliver();
  expect(await order('o2')).toEqual({ deliveries: 0 });
  const [event] = await outbox();
  expect(event!.event_type).toBe('shop.webhook-endpoint.disabled.v1');
  const { data } = JSON.parse(event!.body) as { data: { sealed: string } };
  expect(data).toMatchObject({ endpointId, url, reason: 'failing' });
  expect(await sealer.open(data.sealed)).toEqual({ email: 'it@example.com' });
});

test('an endpoint that fails now and then stays enabled', async () => {
  await register();
  await order('o1');
  const since = new Date(Date.now() - 73 * 3_600_000);
  await webhooks.db.updateTable('endpoints').set({ failing_since: since }).execute();
  await deliver();
  const endpoints = await webhooks.db.selectFrom('endpoints').selectAll().execute();
  expect(endpoints).toMatchObject([{ state: 'enabled', failing_since: null }]);
});

test('an endpoint that says it is gone is disabled at once', async () => {
  await register();
  await order('o1');
  answer = () => 410;
  await deliver();
  const endpoints = await webhooks.db.selectFrom('endpoints').selectAll().execute();
  expect(endpoints).toMatchObject([{ state: 'disabled', disabled_reason: 'gone' }]);
});

test('an endpoint that hangs keeps no other waiting', async () => {
  const hanging = createServer(() => undefined);
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const { port } = hanging.address() as AddressInfo;
  await register([OrderRejected.type], `http://127.0.0.1:${port}/`);
  await register([OrderCreated.type]);
  for (let n = 0; n < 20; n += 1) {
    await webhooks.tell(OrderRejected, { ...orderFacts(`r${n}`), code: 'x' });
  }
  await order('o1');
  await deliverer.beginDue(webhooks.db, new AbortController().signal);
  for (const deadline = Date.now() + 5_000; received.length === 0 && Date.now() < deadline;) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(received).toHaveLength(1);
  const sending = (await deliveries()).filter(
    ({ state, event_id }) => state === 'sending' && event_id.startsWith('r'),
  );
  expect(sending.length).toBeLessThanOrEqual(4);
  hanging.closeAllConnections();
  await new Promise((resolve) => hanging.close(resolve));
});

test('what a process was sending when it died is sent again', async () => {
  await register();
  await order('o1');
  await webhooks.db
    .updateTable('deliveries')
    .set({ state: 'sending', attempts: 1, due_at: new Date(Date.now() - 1_000) })
    .execute();
  await deliver();
  expect(await deliveries()).toMatchObject([{ state: 'delivered', attempts: 2 }]);
});

test('is not sent to a private address, whatever was registered', async () => {
  await register(null, 'https://192.168.1.1/');
  await order('o1');
  await deliver();
  const log = await webhooks.db.selectFrom('attempts').selectAll().execute();
  expect(log).toMatchObject([{ status: null, error: 'its address is not allowed' }]);
});

test('forgets what is over and older than thirty days', async () => {
  await register();
  for (const id of ['o1', 'o2']) await order(id);
  await deliver();
  await sql`update deliveries set planned_at = now() - interval '31 days'
    where event_id = 'o1/OrderCreated/1'`.execute(webhooks.db);
  expect(await forgetDeliveries(webhooks.db)).toBe(1);
  expect(await deliveries()).toMatchObject([{ event_id: 'o2/OrderCreated/1' }]);
});

test('goes to the address that was checked, and asks nobody again what the name means', async () => {
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.2', resolve));
  // Anybody else would say 127.0.0.1.
  const resolve = () => Promise.resolve([{ address: '127.0.0.2', family: 4 }]);
  const message = { headers: {}, body: '{}' };
  const { status } = await send(`http://localhost:${port}/`, message, { policy, resolve });
  expect(status).toBe(204);
});

test('keeps no more of an answer than fits the log', async () => {
  server.removeAllListeners('request');
  server.on('request', (_, response) => response.end('x'.repeat(100_000)));
  const { answer: text } = await send(url, { headers: {}, body: '{}' }, { policy });
  expect(text.length).toBeLessThanOrEqual(1_024);
});

test.each([
  ['answers nothing', () => undefined],
  ['answers with another protocol', (socket: Socket) => void socket.write(SWITCHING)],
  ['never ends its answer', (socket: Socket) => void socket.write(`${OK_HEAD}part`)],
])('an endpoint that %s is given up in time', async (_, answerWith) => {
  const raw = createTcpServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => answerWith(socket));
  });
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const { port } = raw.address() as AddressInfo;
  const began = performance.now();
  const sent = send(
    `http://127.0.0.1:${port}/`,
    { headers: {}, body: '{}' },
    { policy, timeoutMs: 500 },
  );
  await expect(sent).rejects.toThrow();
  expect(performance.now() - began).toBeLessThan(3_000);
  raw.close();
});

test('endpoints that hang, however many, leave room for one that is well', async () => {
  const hanging = createServer(() => undefined);
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  const { port } = hanging.address() as AddressInfo;
  for (let n = 0; n < 8; n += 1) await register([OrderRejected.type], `http://127.0.0.1:${port}/`);
  await webhooks.db.updateTable('endpoints').set({ failing_since: new Date() }).execute();
  for (let n = 0; n < 10; n += 1) {
    await webhooks.tell(OrderRejected, { ...orderFacts(`r${n}`), code: 'x' });
  }
  await deliverer.beginDue(webhooks.db, new AbortController().signal);
  await register([OrderCreated.type]);
  for (let n = 0; n < 10; n += 1) await order(`o${n}`);
  for (const deadline = Date.now() + 5_000; received.length < 10 && Date.now() < deadline;) {
    await deliverer.beginDue(webhooks.db, new AbortController().signal);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  expect(received).toHaveLength(10);
  hanging.closeAllConnections();
  await new Promise((resolve) => hanging.close(resolve));
});

test('a secret that cannot be opened here is no failure of the endpoint', async () => {
  await register();
  await order('o1');
  const other = createSealer([{ id: 'other', secret: KEY.secret }]);
  deliverer = new Deliverer(other, { policy });
  await deliver();
  expect(received).toEqual([]);
  expect(await deliveries()).toMatchObject([{ state: 'pending', attempts: 0, retries: 0 }]);
  const endpoints = await webhooks.db.selectFrom('endpoints').selectAll().execute();
  expect(endpoints).toMatchObject([{ failing_since: null }]);
});

test('tells of an event that is read again while it is news, and of no older one', async () => {
  await register();
  const data = { ...orderFacts('o1'), lines };
  const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
  const again = (time: string) => webhooks.tell(OrderCreated, data, { isReplay: true, time });
  expect(await again(ago(80))).toEqual({ deliveries: 0 });
  expect(await again(ago(1))).toEqual({ deliveries: 1 });
});

test('tries again sooner at first, and later each time', async () => {
  await register();
  await order('o1');
  answer = () => 500;
  const waits: number[] = [];
  for (let attempt = 0; attempt < 9; attempt += 1) {
    await makeDue();
    await deliver();
    waits.push((await deliveries())[0]!.due_at.getTime() - Date.now());
  }
  const hours = waits.map((ms) => ms / 3_600_000);
  expect(hours[0]).toBeLessThan(0.01);
  expect(hours[3]).toBeGreaterThan(1.5);
  expect(hours[8]).toBeGreaterThan(15);
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Balancer } from '../../dev/balancer';
import { freePort } from '../../dev/ports';

const servers: Server[] = [];
let balancer: Balancer;
let url: string;

beforeEach(async () => {
  balancer = new Balancer();
  const port = await freePort();
  await balancer.listen(port);
  url = `http://127.0.0.1:${port}`;
});
afterEach(() => {
  balancer.close();
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A backend that answers with its name and what it was sent. */
async function backend(name: string): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { 'x-forwarded-for': from, 'idempotency-key': key } = request.headers;
      response.writeHead(201, { 'x-name': name }).end(JSON.stringify({ body, from, key }));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

async function ask(): Promise<string | null> {
  const headers = { 'Idempotency-Key': 'k' };
  const response = await fetch(url, { method: 'POST', body: 'hello', headers });
  return response.headers.get('x-name');
}

test('what is asked arrives whole, by turns, and says from where it came', async () => {
  for (const name of ['a', 'b']) balancer.add((await backend(name)).port);
  const response = await fetch(`${url}/v1/orders?x=1`, {
    ...{ method: 'POST', body: '{"a":1}', headers: { 'Idempotency-Key': 'k' } },
  });
  expect(await response.json()).toEqual({ body: '{"a":1}', key: 'k', from: '127.0.0.1' });
  expect(response.status).toBe(201);
  const names = await Promise.all(Array.from({ length: 10 }, ask));
  expect(new Set(names)).toEqual(new Set(['a', 'b']));
});

test('a backend that is gone costs nobody a request', async () => {
  const [a, b] = [await backend('a'), await backend('b')];
  balancer.add(a.port);
  balancer.add(b.port);
  await Promise.all(Array.from({ length: 4 }, ask));
  a.server.close();
  a.server.closeAllConnections();
  const names = await Promise.all(Array.from({ length: 10 }, ask));
  expect(new Set(names)).toEqual(new Set(['b']));
});

test('what may have been carried out is given to another only where that harms nobody', async () => {
  const breaking = createServer((request) => request.socket.destroy());
  servers.push(breaking);
  await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
  const [a, good] = [(breaking.address() as AddressInfo).port, await backend('good')];
  balancer.add(good.port);
  balancer.add(a);
  const statuses = async (init: RequestInit) => {
    const all = [];
    for (let i = 0; i < 4; i += 1) all.push((await fetch(url, init)).status);
    return new Set(all);
  };
  expect(await statuses({ method: 'POST', body: '{}' })).toEqual(new Set([201, 502]));
  expect(await statuses({ method: 'GET' })).toEqual(new Set([201]));
  const headers = { 'Idempotency-Key': 'k' };
  expect(await statuses({ method: 'POST', body: '{}', headers })).toEqual(new Set([201]));
  expect(balancer.givenOn).toBeGreaterThan(0);
});

test('one that is removed is asked nothing more, and one that comes while all wait is asked', async () => {
  const [a, b] = [await backend('a'), await backend('b')];
  balancer.add(a.port);
  balancer.remove(a.port);
  const waiting = ask();
  balancer.add(b.port);
  expect(await waiting).toBe('b');
});

test('where nobody answers, it says so and when to come again', async () => {
  const response = await fetch(url);
  expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1']);
});

test('a body that is too long to be sent again is refused', async () => {
  balancer.add((await backend('a')).port);
  const response = await fetch(url, { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  expect(response.status).toBe(413);
});

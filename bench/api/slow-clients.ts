import { connect, type Socket } from 'node:net';
import type { OrdersApi } from '../../dev/post-order';

/** Of each kind, as many as an attacker with one machine opens without effort. */
const EACH = 250;
/** One byte now and then, so that nobody takes them for dead. */
const DRIP_MS = 1_000;

/** Clients that do harm by doing nothing; `close` ends them. */
export interface SlowClients {
  readonly count: () => number;
  readonly close: () => void;
}

/** Opens clients that send headers, or a body, byte by byte, that are idle, and that never read. */
export function openSlowClients({ url, apiKey }: OrdersApi, orderId: string): SlowClients {
  const authorized = `Host: x\r\nAuthorization: Bearer ${apiKey}\r\n`;
  const post = `POST /v1/orders HTTP/1.1\r\n${authorized}Content-Type: application/json\r\n`;
  const kinds: readonly [begin: string, drip: string][] = [
    [`GET /v1/orders HTTP/1.1\r\n${authorized}`, 'X: y\r\n'],
    [`${post}Content-Length: 60000\r\n\r\n{`, ' '],
    ['', ''],
    [`GET /v1/orders/${orderId}/events HTTP/1.1\r\n${authorized}\r\n`, ''],
  ];
  const open = new Set<Socket>();
  let isOver = false;
  const start = ([begin, drip]: readonly [string, string]) => {
    const socket = openOne(url, begin, drip);
    open.add(socket);
    socket.on('close', () => {
      open.delete(socket);
      // One that is thrown out comes back.
      if (!isOver) setTimeout(() => start([begin, drip]), DRIP_MS);
    });
  };
  for (const kind of kinds) for (let i = 0; i < EACH; i += 1) start(kind);
  return {
    count: () => open.size,
    close() {
      isOver = true;
      for (const socket of open) socket.destroy();
    },
  };
}

function openOne(url: string, begin: string, drip: string): Socket {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  // What comes is never read.
  socket.pause();
  socket.write(begin);
  if (drip === '') return socket;
  const dripping = setInterval(() => socket.write(drip), DRIP_MS);
  socket.on('close', () => clearInterval(dripping));
  return socket;
}

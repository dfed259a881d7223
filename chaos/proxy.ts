import { createConnection, createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';

/** A TCP proxy that refuses a share of the connections, by a seed. */
export interface RefusingProxy {
  readonly port: number;
  /** How many it has refused. */
  readonly refused: () => number;
  /** Breaks off a share of those that are open. */
  readonly breakSome: () => void;
  readonly close: () => void;
}

/** Passes connections on to `port` on this machine, but refuses the given share of them. */
export async function startRefusingProxy(
  port: number,
  share: number,
  random: () => number,
): Promise<RefusingProxy> {
  let refused = 0;
  const open = new Set<() => void>();
  const server: Server = createServer((client) => {
    client.on('error', () => undefined);
    if (random() < share) {
      refused += 1;
      client.resetAndDestroy();
      return;
    }
    const upstream = createConnection({ host: '127.0.0.1', port });
    const end = () => {
      client.destroy();
      upstream.destroy();
      open.delete(end);
    };
    open.add(end);
    upstream.on('error', end).on('close', end);
    client.on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    refused: () => refused,
    breakSome() {
      for (const end of [...open]) if (random() < share) end();
    },
    close() {
      server.close();
      for (const end of [...open]) end();
    },
  };
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

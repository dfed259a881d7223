import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to outgoing connections, which could take one in between. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_TRIES = 100;

/** What was promised to somebody who may not listen on it yet. */
const promised = new Set<number>();

/** The wanted port of 127.0.0.1 if it is free, else any that is; never one that was promised before. */
export async function freePort(wanted = 0): Promise<number> {
  for (let i = 0; i < MAX_TRIES; i++) {
    const port = i === 0 && wanted !== 0 ? wanted : randomInt(FIRST_PORT, LAST_PORT);
    if (promised.has(port)) continue;
    promised.add(port);
    if (await isPortFree(port)) return port;
    promised.delete(port);
  }
  throw new Error('no free port was found');
}

/** Whether nothing listens on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

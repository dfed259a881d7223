import { randomInt } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { livingHolder, selfAsHolder } from './holder';

/** Below the ports that systems give to outgoing connections, which could take one in between. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_TRIES = 100;

/** What was promised to somebody who may not listen on it yet. */
const promised = new Set<number>();
process.once('exit', () => [...promised].forEach(forgetPromise));

/** The same of all processes here: a file for each port, held by who was promised it. */
const PROMISES = path.join(tmpdir(), 'tandem-ports');

/** Who has not listened for so long will not. */
const PROMISE_MS = 60_000;

/** The wanted port of 127.0.0.1 if it is free, else any that is; never one that was promised before. */
export async function freePort(wanted = 0): Promise<number> {
  for (let i = 0; i < MAX_TRIES; i++) {
    const port = i === 0 && wanted !== 0 ? wanted : randomInt(FIRST_PORT, LAST_PORT);
    if (promised.has(port)) continue;
    promised.add(port);
    if (promiseHere(port) && (await isPortFree(port))) return port;
    promised.delete(port);
  }
  throw new Error('no free port was found');
}

/** Two that start at once would both find the usual ports free. False when another has the promise. */
function promiseHere(port: number): boolean {
  const file = path.join(PROMISES, String(port));
  try {
    mkdirSync(PROMISES, { recursive: true });
    if (isPromisedToAnother(file)) return false;
    rmSync(file, { force: true });
    writeFileSync(file, selfAsHolder(), { flag: 'wx' });
    return true;
  } catch (error) {
    // Where no file can be written there are no promises, and the port is asked alone.
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

function forgetPromise(port: number): void {
  const file = path.join(PROMISES, String(port));
  if (livingHolder(file) === process.pid) rmSync(file, { force: true });
}

function isPromisedToAnother(file: string): boolean {
  const holder = livingHolder(file);
  if (holder === undefined || holder === process.pid) return false;
  const since = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return Date.now() - since <= PROMISE_MS;
}

/** Whether nothing listens on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

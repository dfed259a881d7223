import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Below the ports that systems give to outgoing connections, which could take one in between. */
const FIRST_PORT = 20_000;
const LAST_PORT = 32_000;
const MAX_TRIES = 100;

/** What was promised to somebody who may not listen on it yet. */
const promised = new Set<number>();
process.once('exit', () => [...promised].forEach(forgetPromise));

/** The same of all processes here: a file for each port, with the pid of who was promised it. */
const PROMISES = path.join(tmpdir(), 'tandem-ports');

/** Who has not listened for so long will not: a pid may be another process's by then. */
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
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    // Where no file can be written there are no promises, and the port is asked alone.
    return (error as NodeJS.ErrnoException).code !== 'EEXIST';
  }
}

function forgetPromise(port: number): void {
  const file = path.join(PROMISES, String(port));
  try {
    if (readFileSync(file, 'utf8') === String(process.pid)) rmSync(file, { force: true });
  } catch {
    // It is another's by now, or nobody's.
  }
}

function isPromisedToAnother(file: string): boolean {
  try {
    if (Date.now() - statSync(file).mtimeMs > PROMISE_MS) return false;
    const pid = Number(readFileSync(file, 'utf8'));
    return pid !== process.pid && isRunning(pid);
  } catch {
    return false;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether nothing listens on this port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

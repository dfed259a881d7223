import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers "ready", or throws, or rejects, with what is wrong. */
export type ReadinessCheck = () => Promise<unknown> | void;

/** A worker's `/livez` and `/readyz`. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Serves `/livez` (200 while the process answers at all) and `/readyz` (200, or 503 with the names
 * of the checks that fail) on `host` and `port`; port 0 takes a free one.
 */
export async function startHealthServer(
  { host, port }: { host: string; port: number },
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<HealthServer> {
  const server = createServer((request, response) => {
    void answer(request.url, checks).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  };
}

async function answer(url: string | undefined, checks: Readonly<Record<string, ReadinessCheck>>) {
  if (url === '/livez') return { status: 200, body: { status: 'ok' } };
  if (url !== '/readyz') return { status: 404, body: { status: 'unknown path' } };
  const failing = await failingChecks(checks);
  if (failing.length === 0) return { status: 200, body: { status: 'ok' } };
  return { status: 503, body: { status: 'not ready', failing } };
}

/** The names of the checks that do not pass. */
export async function failingChecks(
  checks: Readonly<Record<string, ReadinessCheck>>,
): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await check();
        return [];
      } catch {
        return [name];
      }
    }),
  );
  return results.flat();
}

async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}

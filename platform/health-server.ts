import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics';

/** Answers "ready", or throws, or rejects, with what is wrong. */
export type ReadinessCheck = () => Promise<unknown> | void;

/** What a process tells of itself, and where. */
export interface HealthOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly checks: Readonly<Record<string, ReadinessCheck>>;
  /** What `/metrics` says; none without it. */
  readonly metrics?: Metrics;
}

/** A process's `/livez`, `/readyz` and `/metrics`. */
export interface HealthServer {
  readonly port: number;
  readonly close: () => Promise<void>;
}

/**
 * Serves `/livez` (200 while the process answers at all), `/readyz` (200, or 503 with the names of
 * the checks that fail) and `/metrics`. Nobody is asked for a key: it belongs on an inner address.
 */
export async function startHealthServer(options: HealthOptions): Promise<HealthServer> {
  const server = createServer((request, response) => {
    answer(request.url, response, options).catch((error: Error) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(error.message);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port, options.host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closeServer(server),
  };
}

async function answer(
  url: string | undefined,
  response: ServerResponse,
  { checks, metrics }: HealthOptions,
): Promise<void> {
  if (url === '/metrics' && metrics) {
    const page = await metrics.page();
    response.writeHead(200, { 'content-type': metrics.contentType }).end(page);
    return;
  }
  const { status, body } = await health(url, checks);
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function health(url: string | undefined, checks: HealthOptions['checks']) {
  if (url === '/livez') return { status: 200, body: { status: 'ok' } };
  if (url !== '/readyz') return { status: 404, body: { status: 'unknown path' } };
  const failing = await failingChecks(checks);
  if (failing.length === 0) return { status: 200, body: { status: 'ok' } };
  return { status: 503, body: { status: 'not ready', failing } };
}

/** The names of the checks that do not pass. */
export async function failingChecks(checks: HealthOptions['checks']): Promise<string[]> {
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

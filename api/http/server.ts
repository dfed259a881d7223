import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Koa from 'koa';
import { refuse } from './broken-requests';

/** Against clients that send slowly and never end; Node's own limits are minutes. */
const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const TIMEOUT_CHECK_INTERVAL_MS = 1_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** Longer than a load balancer keeps an idle connection, so that it is the one to close it. */
const KEEP_ALIVE_MS = 65_000;
/** A client that neither sends nor reads for so long is gone; whoever follows an order hears of us. */
const SILENCE_MS = 60_000;
/** Idle sockets cost memory; more than this many are refused. */
const MAX_CONNECTIONS = 10_000;

/** A server for this app with limits on everything. */
export function createHttpServer(app: Koa): Server {
  const answer = app.callback();
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: TIMEOUT_CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      keepAliveTimeout: KEEP_ALIVE_MS,
      // Answered by ourselves, as everything is.
      requireHostHeader: false,
    },
    (request, response) => {
      // Koa answers errors itself and never rejects.
      if (isReadable(request)) void answer(request, response);
      else refuse(response);
    },
  );
  server.setTimeout(SILENCE_MS);
  // Their bytes are bounded; those beyond a count would be left out silently.
  server.maxHeadersCount = 0;
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

/** A path, not a whole URL, which only a proxy is asked for; and a host, as HTTP/1.1 wants it. */
function isReadable({ url = '', headers, httpVersion }: IncomingMessage): boolean {
  return url.startsWith('/') && (headers.host !== undefined || httpVersion === '1.0');
}

/** Listens; returns the port, which is a free one for port 0. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, host, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Takes no new connection, and resolves when the requests under way have ended, or are cut. */
export async function drain(server: Server, deadlineMs: number): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await closed;
  clearTimeout(deadline);
}

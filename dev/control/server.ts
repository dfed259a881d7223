import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { System } from '../system';
import { rollingRestart } from './rolling-restart';
import { breaksOf, USUAL_TIMES, type Break, type BreakTimes } from './breaks';

/** Systems whose processes are being started anew. */
const rolling = new Set<System>();

/** A break as the control room shows it. */
interface BreakStatus extends Pick<Break, 'id' | 'title' | 'about'> {
  readonly state: 'ready' | 'broken';
  /** What came of it the last time. */
  readonly said: string | null;
}

/**
 * Lets the control room break things, and read the mails: for the system that this launcher runs,
 * on this machine alone. Asks for the launcher's API key, so that no other page can do it.
 */
export async function startControlServer(
  system: System,
  times: BreakTimes = USUAL_TIMES,
): Promise<() => void> {
  const breaks = breaksOf(times);
  const port = await system.controlPort();
  const running = new Map<string, Promise<void>>();
  const said = new Map<string, string>();
  const begin = (one: Break) => {
    if (running.has(one.id)) return;
    const run = Promise.resolve()
      .then(() => one.run(system))
      .catch((error: Error) => error.message)
      .then((text) => void said.set(one.id, text))
      .finally(() => running.delete(one.id));
    running.set(one.id, run);
  };
  // A server that was given to us is somebody's, with others' data in it.
  const isOurs = ({ id, of }: Break) =>
    running.has(id) ||
    // A cluster's processes have a number more.
    [of, `${of}-1`].some((name) => system.processes.pidOf(name) !== undefined);
  const status = (): BreakStatus[] =>
    breaks.filter(isOurs).map(({ id, title, about }) => {
      const state = running.has(id) ? 'broken' : 'ready';
      return { id, title, about, state, said: said.get(id) ?? null };
    });

  const server = createServer((request, response) => {
    answer(request, response, system, { breaks: breaks.filter(isOurs), begin, status }).catch(
      (error: Error) => {
        response.writeHead(502).end(error.message);
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}

interface Control {
  readonly breaks: readonly Break[];
  readonly begin: (one: Break) => void;
  readonly status: () => BreakStatus[];
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  system: System,
  { breaks, begin, status }: Control,
): Promise<void> {
  response.setHeader('Access-Control-Allow-Origin', system.apiUrl);
  response.setHeader('Access-Control-Allow-Headers', 'authorization');
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST');
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  if (!isLetIn(request, system.ordersApi.apiKey)) return void response.writeHead(401).end();
  const { url = '' } = request;
  if (request.method === 'POST' && url === '/rolling-restart') return roll(response, system);
  if (request.method === 'GET' && url === '/breaks') return json(response, status());
  if (request.method === 'GET' && url === '/mails') return json(response, await system.mails());
  const one = breaks.find(({ id }) => url === `/breaks/${id}`);
  if (request.method !== 'POST' || !one) return void response.writeHead(404).end();
  begin(one);
  json(response, status());
}

/** A line for each process as it is back. */
async function roll(response: ServerResponse, system: System): Promise<void> {
  if (!system.balancer) {
    return void response.writeHead(409).end('start it with --scale: an API alone must be away');
  }
  if (rolling.has(system)) return void response.writeHead(409).end('it is under way');
  rolling.add(system);
  try {
    await rollingRestart(system, (line) => response.write(`${line}\n`));
    response.end();
  } catch (error) {
    response.end(`failed: ${(error as Error).message}\n`);
  } finally {
    rolling.delete(system);
  }
}

function isLetIn({ headers }: IncomingMessage, key: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

function json(response: ServerResponse, body: unknown): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

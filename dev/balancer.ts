import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Longer than any body the API takes; a request must be at hand whole to be sent again. */
const MAX_BODY_BYTES = 1024 * 1024;

/** Between two rounds of all backends, while none takes a connection. */
const RETRY_MS = 100;
/** Who has waited for so long is told to come again. */
const PATIENCE_MS = 3_000;

/** Longer than clients keep an idle connection, so that they are the ones to close it. */
const KEEP_ALIVE_MS = 65_000;

/** Names that belong to one connection (RFC 9110, section 7.6.1). */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'upgrade', 'te', 'trailer'];

interface Backend {
  readonly host: string;
  readonly port: number;
}

/**
 * A load balancer of development, by turns. A request that a backend cannot have carried out is given
 * to the next one, as a cloud's balancer does; one that it may have, only if that harms nobody: a
 * question, or one with an idempotency key.
 */
export class Balancer {
  readonly #backends: Backend[] = [];
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server = createServer((incoming, answer) => {
    this.#pass(incoming, answer).catch((error: Error) => refuse(answer, 502, error.message));
  });
  #turn = 0;
  /** How many requests a backend did not answer, so that another was given them. */
  givenOn = 0;

  async listen(port: number): Promise<void> {
    this.#server.keepAliveTimeout = KEEP_ALIVE_MS;
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  }

  /** Gives it requests from now on. */
  add(port: number): void {
    if (!this.#has(port)) this.#backends.push({ host: '127.0.0.1', port });
  }

  /** Gives it no request more; those that it has go on. */
  remove(port: number): void {
    const index = this.#backends.findIndex((backend) => backend.port === port);
    if (index >= 0) this.#backends.splice(index, 1);
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
    this.#agent.destroy();
  }

  #has(wanted: number): boolean {
    return this.#backends.some(({ port }) => port === wanted);
  }

  async #pass(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await bodyOf(incoming);
    if (!body) return refuse(answer, 413, 'the body is too long');
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      for (let left = this.#backends.length; left > 0; left -= 1) {
        this.#turn = (this.#turn + 1) % Math.max(this.#backends.length, 1);
        const backend = this.#backends[this.#turn];
        if (!backend) continue;
        if (await this.#try(backend, incoming, body, answer)) return;
        this.givenOn += 1;
      }
      if (Date.now() > deadline) return refuse(answer, 503, 'no API process takes requests');
      await sleep(RETRY_MS);
    }
  }

  /** False when another backend may be given it. */
  async #try(
    backend: Backend,
    incoming: IncomingMessage,
    body: Buffer,
    answer: ServerResponse,
  ): Promise<boolean> {
    return new Promise((resolve) => {
      const { method, url } = incoming;
      const headers = { ...withoutHops(incoming), 'content-length': body.length };
      const options = { ...backend, ...{ method, path: url, headers, agent: this.#agent } };
      const outgoing = request(options, (response) => {
        answer.writeHead(response.statusCode!, response.headers);
        response.pipe(answer);
        // One that breaks off in the middle cannot be taken back: the client sees it break off too.
        response.once('error', () => answer.destroy());
        answer.once('close', () => outgoing.destroy());
        resolve(true);
      });
      outgoing.once('error', (error: NodeJS.ErrnoException) => {
        if (!answer.headersSent && mayBeRepeated(incoming, error)) return resolve(false);
        refuse(answer, 502, 'the API process broke off');
        resolve(true);
      });
      outgoing.end(body);
    });
  }
}

/** Nothing was sent, or what was sent may come twice. */
function mayBeRepeated({ method, headers }: IncomingMessage, { code }: NodeJS.ErrnoException) {
  const isQuestion = method === 'GET' || method === 'HEAD';
  return code === 'ECONNREFUSED' || isQuestion || headers['idempotency-key'] !== undefined;
}

async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

function withoutHops({ headers, socket }: IncomingMessage) {
  const kept = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  const forwardedFor = [headers['x-forwarded-for'], socket.remoteAddress].filter(Boolean).join();
  return { ...Object.fromEntries(kept), 'x-forwarded-for': forwardedFor };
}

function refuse(answer: ServerResponse, status: number, reason: string): void {
  if (answer.headersSent) return void answer.destroy();
  answer.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '1' });
  answer.end(JSON.stringify({ type: 'about:blank', status, title: reason }));
}

import { createServer, type IncomingMessage } from 'node:http';
import { parseArgs } from 'node:util';
import { Traces, type ExportRequest } from './traces';

/** An exporter sends 512 spans at once. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '4318' },
  },
});
const traces = new Traces();

// OTLP/HTTP in its JSON form, and what the order X-ray asks for.
const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const answer = async (): Promise<object> => {
    if (request.method === 'POST' && url.pathname === '/v1/traces') {
      traces.add(JSON.parse(await bodyOf(request)) as ExportRequest);
      return {};
    }
    if (url.pathname === '/traces.json') return traces.about(url.searchParams.get('about') ?? '');
    throw new Error('there is POST /v1/traces, and GET /traces.json?about=ORDER');
  };
  answer().then(
    (body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)),
    (error: Error) => response.writeHead(400).end(error.message),
  );
});
server.listen(Number(values.port), values.host);

process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('too many spans at once');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

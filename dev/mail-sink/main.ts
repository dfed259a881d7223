import { createServer } from 'node:http';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { parseArgs } from 'node:util';
import { SMTPServer } from 'smtp-server';
import { Mailbox } from './mailbox';
import { inboxPage } from './page';

/** Nothing we send is near this. */
const MAX_MAIL_BYTES = 1024 * 1024;

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    'smtp-port': { type: 'string', default: '1025' },
    'http-port': { type: 'string', default: '8025' },
    file: { type: 'string', default: path.join('.tandem', 'mails.jsonl') },
  },
});
const mailbox = new Mailbox(values.file);

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS'],
  size: MAX_MAIL_BYTES,
  onData: (stream, _session, done) => {
    readAll(stream)
      .then((source) => mailbox.receive(source))
      .then(() => done(), done);
  },
});
smtp.on('error', (error) => console.error(error.message));
smtp.listen(Number(values['smtp-port']), values.host);

const http = createServer((request, response) => {
  const isJson = request.url === '/mails.json';
  response.setHeader('content-type', isJson ? 'application/json' : 'text/html; charset=utf-8');
  response.end(isJson ? JSON.stringify(mailbox.list()) : inboxPage(mailbox.list()));
});
http.listen(Number(values['http-port']), values.host);

process.once('SIGTERM', () => {
  smtp.close();
  http.close();
  http.closeAllConnections();
});

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

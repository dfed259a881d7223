import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSimulator } from './app';
import { Ledger } from './ledger';
import { Webhooks } from './webhooks';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '12111' },
    'webhook-url': { type: 'string' },
    'webhook-secret': { type: 'string' },
    ledger: { type: 'string', default: path.join('.tandem', 'payments.jsonl') },
  },
});

const { 'webhook-url': url, 'webhook-secret': secret } = values;
const webhooks = new Webhooks(url && secret ? { url, secret } : undefined);
const server = createSimulator(new Ledger(values.ledger), webhooks).listen(
  Number(values.port),
  values.host,
);
server.on('listening', () => console.log(`payment simulator on port ${values.port}`));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

import path from 'node:path';
import { parseArgs } from 'node:util';
import { createSimulator } from './app';
import { Ledger } from './ledger';

const { values } = parseArgs({
  options: {
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '12111' },
    ledger: { type: 'string', default: path.join('.tandem', 'payments.jsonl') },
  },
});

const server = createSimulator(new Ledger(values.ledger)).listen(Number(values.port), values.host);
server.on('listening', () => console.log(`payment simulator on port ${values.port}`));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
});

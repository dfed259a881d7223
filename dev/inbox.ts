import path from 'node:path';
import { parseArgs } from 'node:util';
import { Mailbox } from './mail-sink/mailbox';

const USAGE = `npm run inbox -- [--json] [--data FOLDER]

Lists the mails that were sent in development, the oldest first.`;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    data: { type: 'string', default: '.tandem' },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else list();

function list(): void {
  const mails = new Mailbox(path.join(values.data, 'mails.jsonl')).list();
  if (values.json) {
    console.log(JSON.stringify(mails, null, 2));
    return;
  }
  for (const mail of mails) console.log(`${mail.receivedAt}  ${mail.to}  ${mail.subject}`);
  if (mails.length === 0) console.log('no mail yet');
}

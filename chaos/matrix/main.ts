import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runMatrix } from './run';

const USAGE = `npm run matrix -- [--only TEXT] [--record FOLDER] [--list]

Lets every step of the order saga go wrong in every way, with every undo working, failing and unable
to succeed, and checks money, stock, events and status after each.

  --only    cells whose name contains this text
  --record  write the history of each cell into this folder
  --list    print the cells' names`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    record: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const { record } = values;
  if (record) mkdirSync(record, { recursive: true });
  const { cells, failures } = await runMatrix({
    only: values.only,
    listOnly: values.list,
    ...(record
      ? { onHistory: (name, json) => writeFileSync(path.join(record, `${name}.json`), json) }
      : {}),
  });
  for (const failure of failures) console.log(`✘ ${failure}`);
  console.log(`${cells} cells, ${failures.length} failures`);
  if (failures.length > 0 || cells === 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

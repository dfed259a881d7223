import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../copied-tree';
import { withIncludes } from './include';
import { docsPages } from './pages';

const USAGE = `npm run docs -- [--check]

Puts the code that the pages of docs/ include as the source has it now; --check only says which pages
would change, and fails when there are any.`;

function main(): void {
  const [flag] = process.argv.slice(2);
  if (flag !== undefined && flag !== '--check') return console.log(USAGE);
  const stale = docsPages().filter((page) => {
    const file = path.join(ROOT, page);
    const text = readFileSync(file, 'utf8');
    const fresh = withIncludes(ROOT, text);
    if (fresh !== text && !flag) writeFileSync(file, fresh);
    return fresh !== text;
  });
  const names = stale.join(', ');
  if (stale.length === 0) return console.log('every page has the code of the source');
  if (!flag) return console.log(`written: ${names}`);
  console.error(`npm run docs would change ${names}`);
  process.exitCode = 1;
}

main();

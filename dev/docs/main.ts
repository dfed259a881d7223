import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withIncludes } from './include';

const ROOT = path.join(__dirname, '..', '..');

const USAGE = `npm run docs -- [--check]

Puts the code that the pages of docs/ include as the source has it now; --check only says which pages
would change, and fails when there are any.`;

function main(): void {
  const [flag] = process.argv.slice(2);
  if (flag !== undefined && flag !== '--check') return console.log(USAGE);
  const stale = pages().filter((page) => {
    const text = readFileSync(page, 'utf8');
    const fresh = withIncludes(ROOT, text);
    if (fresh !== text && !flag) writeFileSync(page, fresh);
    return fresh !== text;
  });
  const names = stale.map((page) => path.relative(ROOT, page)).join(', ');
  if (stale.length === 0) return console.log('every page has the code of the source');
  if (!flag) return console.log(`written: ${names}`);
  console.error(`npm run docs would change ${names}`);
  process.exitCode = 1;
}

function pages(): string[] {
  const folder = path.join(ROOT, 'docs');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name));
}

main();

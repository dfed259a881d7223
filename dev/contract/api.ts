import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { apiDocument } from './api-document';
import { lintDocument } from './lint';
import { pretty, staleFiles } from './published-files';

const ROOT = path.join(__dirname, '..', '..');
const DOCUMENT = path.join(ROOT, 'docs', 'openapi.json');
const CLIENT_TYPES = path.join(ROOT, 'api', 'client', 'schema.ts');

const USAGE = `npm run api:check      compares the API with docs/openapi.json and the client's types, and lints it
npm run api:publish    writes them anew`;

const command = process.argv[2];
if (command !== 'check' && command !== 'publish') {
  console.error(USAGE);
  process.exitCode = 2;
} else void main(command);

async function main(wanted: 'check' | 'publish'): Promise<void> {
  const document = apiDocument();
  const files = new Map([
    [DOCUMENT, await pretty(DOCUMENT, JSON.stringify(document))],
    [CLIENT_TYPES, await pretty(CLIENT_TYPES, await typesOf(document))],
  ]);
  const flaws = await lintDocument(DOCUMENT, files.get(DOCUMENT)!, 'api');
  for (const flaw of flaws) console.error(`openapi.json: ${flaw}`);
  if (flaws.length > 0) process.exitCode = 1;
  else if (wanted === 'publish') publish(files);
  else compare(files);
}

/** The types of the typed client, by openapi-typescript. */
async function typesOf(document: object): Promise<string> {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const types = astToString(await openapiTS(document as Parameters<typeof openapiTS>[0]));
  return `// Made by \`npm run api:publish\` from the operations of api/: change it there.\n${types}`;
}

function publish(files: ReadonlyMap<string, string>): void {
  for (const [file, text] of files) writeFileSync(file, text);
  console.log('published docs/openapi.json and the types of the client');
}

function compare(files: ReadonlyMap<string, string>): void {
  const stale = staleFiles(files);
  for (const file of stale) console.error(`${path.relative(ROOT, file)}: not up to date`);
  if (stale.length === 0) return console.log('the API is as it is published');
  console.error('Run npm run api:publish.');
  process.exitCode = 1;
}

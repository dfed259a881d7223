import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ALL_EVENTS } from '../../events/all-events';
import { asyncApiOf } from '../../api/contract/asyncapi';
import { breakingChanges } from './compare';
import { lintDocument } from './lint';
import { pageOf } from './page';
import { pretty, staleFiles } from './published-files';
import { schemaOf, type JsonSchema } from '../../api/contract/event-schemas';

const DOCS = path.join(__dirname, '..', '..', 'docs');
const SCHEMAS = path.join(DOCS, 'events');
const ASYNC_API = path.join(SCHEMAS, 'asyncapi.json');
const SCHEMA_ENDING = '.schema.json';

const USAGE = `npm run events:check      compares events/ with what is published in docs/events
npm run events:publish    publishes it; refused where a published version would break`;

const command = process.argv[2];
if (command !== 'check' && command !== 'publish') {
  console.error(USAGE);
  process.exitCode = 2;
} else void main(command);

async function main(wanted: 'check' | 'publish'): Promise<void> {
  const breaking = findBreaking();
  for (const line of breaking) console.error(line);
  if (breaking.length > 0) {
    console.error('Give the changed event a new version, beside the published one.');
    process.exitCode = 1;
    return;
  }
  const files = await generated();
  const flaws = await lintDocument(ASYNC_API, files.get(ASYNC_API)!, 'events');
  for (const flaw of flaws) console.error(`asyncapi.json: ${flaw}`);
  if (flaws.length > 0) {
    process.exitCode = 1;
    return;
  }
  if (wanted === 'publish') return publish(files);
  const stale = staleFiles(files);
  for (const file of stale) console.error(`${path.relative(DOCS, file)}: not up to date`);
  if (stale.length > 0) {
    console.error('Run npm run events:publish.');
    process.exitCode = 1;
  } else console.log(`${ALL_EVENTS.length} events are as they are published`);
}

/** Every published version is there still, and means what it meant. */
function findBreaking(): string[] {
  if (!existsSync(SCHEMAS)) return [];
  const published = readdirSync(SCHEMAS).filter((file) => file.endsWith(SCHEMA_ENDING));
  return published.flatMap((file) => {
    const type = file.slice(0, -SCHEMA_ENDING.length);
    const contract = ALL_EVENTS.find((one) => one.type === type);
    if (!contract) return [`${type}: removed`];
    const before = JSON.parse(read(path.join(SCHEMAS, file))) as JsonSchema;
    return breakingChanges(before, schemaOf(contract)).map((change) => `${type} ${change}`);
  });
}

async function generated(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const add = async (file: string, text: string) => {
    files.set(file, await pretty(file, text));
  };
  await add(path.join(DOCS, 'events.md'), pageOf(ALL_EVENTS));
  await add(ASYNC_API, JSON.stringify(asyncApiOf(ALL_EVENTS)));
  for (const contract of ALL_EVENTS) {
    const file = path.join(SCHEMAS, `${contract.type}${SCHEMA_ENDING}`);
    await add(file, JSON.stringify(schemaOf(contract)));
  }
  return files;
}

function publish(files: ReadonlyMap<string, string>): void {
  mkdirSync(SCHEMAS, { recursive: true });
  for (const [file, text] of files) writeFileSync(file, text);
  console.log(`published ${files.size} files in docs/`);
}

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

import { competingConsumers } from './competing-consumers';
import { fanOut } from './fan-out';
import { replayOfALog } from './replay-of-a-log';

const EXAMPLES = {
  'competing-consumers': competingConsumers,
  'fan-out': fanOut,
  'replay-of-a-log': replayOfALog,
};

const USAGE = `npm run contrast:redis -- [${Object.keys(EXAMPLES).join('|')}]

Three ways in which Redis carries messages, each on a Redis of its own: a queue, pub/sub, a stream.`;

async function main(): Promise<void> {
  const names = process.argv.slice(2);
  if (names.includes('--help')) return console.log(USAGE);
  const unknown = names.filter((name) => !Object.hasOwn(EXAMPLES, name));
  if (unknown.length > 0) throw new Error(`no such example: ${unknown.join(', ')}\n\n${USAGE}`);
  for (const [name, example] of Object.entries(EXAMPLES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    console.log(`\n${name}`);
    await example((line) => console.log(`  ${line}`));
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

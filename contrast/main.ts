import { parseArgs } from 'node:util';
import { staleFiles } from '../dev/contract/published-files';
import { DESIGNS } from './designs';
import { pageOf, writePage } from './report/page';
import { keepResults, readResults } from './report/results-file';
import { printOutcome, printTable } from './report/table';
import { runContrast } from './run';
import { SCENARIOS } from './scenarios';

const NAMES = {
  design: DESIGNS.map(({ name }) => name as string),
  scenario: SCENARIOS.map(({ name }) => name),
};

const USAGE = `npm run contrast -- [--design NAME]… [--scenario NAME]… [--seed NUMBER]

Places the same orders in three designs, on the same servers, under the same faults, and counts what
became of orders, money, stock and mails. All of it takes some 20 minutes, and writes docs/contrast.md
and contrast/results.json; a part of it only prints.

  --design NAME     ${NAMES.design.join(', ')}
  --scenario NAME   ${NAMES.scenario.join(', ')}
  --page            writes docs/contrast.md again, from contrast/results.json, and runs nothing
  --check           fails when that page is not what --page would write
  --seed NUMBER     which orders are placed, and which replies are lost (1)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      design: { type: 'string', multiple: true, default: NAMES.design },
      scenario: { type: 'string', multiple: true, default: NAMES.scenario },
      page: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  if (values.page) return writePage(readResults());
  if (values.check) return checkPage();
  const seed = Number(values.seed);
  if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number\n\n${USAGE}`);
  const designs = chosen('design', values.design, DESIGNS);
  const scenarios = chosen('scenario', values.scenario, SCENARIOS);
  const outcomes = await runContrast({ designs, scenarios, seed, onOutcome: printOutcome });
  printTable(outcomes);
  const isWhole = designs.length === DESIGNS.length && scenarios.length === SCENARIOS.length;
  if (!isWhole) return;
  keepResults(seed, outcomes);
  await writePage(readResults());
}

async function checkPage(): Promise<void> {
  const stale = staleFiles(await pageOf(readResults()));
  if (stale.length === 0) return console.log('docs/contrast.md is what the results say');
  throw new Error(`npm run contrast -- --page would change ${stale.join(', ')}`);
}

function chosen<One extends { readonly name: string }>(
  what: keyof typeof NAMES,
  names: readonly string[],
  all: readonly One[],
): One[] {
  const unknown = names.filter((name) => !NAMES[what].includes(name));
  if (unknown.length > 0) throw new Error(`no such ${what}: ${unknown.join(', ')}\n\n${USAGE}`);
  return all.filter(({ name }) => names.includes(name));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});

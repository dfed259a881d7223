import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { stockProduct } from '../dev/catalogue';
import { onScratchSystem } from '../dev/scratch-system';
import type { System } from '../dev/system';
import { withDatabase } from '../dev/with-database';
import packages from '../package.json';
import { measure, type Measurement } from './measure';
import { printTable } from './table';
import { VARIANTS, type Variant } from './variants';

const RESULTS_FILE = path.join(__dirname, 'results', 'saga.json');

const USAGE = `npm run bench -- [--only limit,naive,naiveInMemory,ours]

Places orders in four ways on the same servers, prints one table and, unless --only is given,
writes bench/results/saga.json.`;

const { values } = parseArgs({
  options: { only: { type: 'string' }, help: { type: 'boolean', default: false } },
});

async function main(): Promise<void> {
  if (values.help) return console.log(USAGE);
  const only = values.only?.split(',');
  const variants = VARIANTS.filter(({ name }) => only?.includes(name) ?? true);
  const measured: Record<string, Measurement> = {};
  for (const variant of variants) {
    console.error(`measuring ${variant.name}: ${variant.what}`);
    measured[variant.name] = await onFreshSystem(variant, (system, url) =>
      measure(system, variant, url),
    );
  }
  printTable(measured);
  if (only) return;
  mkdirSync(path.dirname(RESULTS_FILE), { recursive: true });
  writeFileSync(
    RESULTS_FILE,
    `${JSON.stringify({ ...circumstances(), variants: measured }, null, 2)}\n`,
  );
}

/** Servers of its own for each variant, so that none inherits the tables of another. */
async function onFreshSystem<Result>(
  { temporal, start }: Variant,
  use: (system: System, ordersUrl: string) => Promise<Result>,
): Promise<Result> {
  const options = {
    name: 'bench',
    // Three of the four take none, and the simulator would go on trying.
    withoutWebhooks: true,
    ...(temporal ? { temporal } : { withoutTemporal: true }),
    onEnd: (name: string, reason: string) => console.error(`${name} ended: ${reason}`),
  };
  return onScratchSystem(options, async (system) => {
    await stockShelves(system.setting('DATABASE_URL'));
    return use(system, await start(system));
  });
}

async function stockShelves(url: string): Promise<void> {
  await withDatabase(url, 'bench', async (db) => {
    for (const sku of ['BENCH-A', 'BENCH-B']) await stockProduct(db, sku, 1_000_000);
  });
}

function circumstances() {
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: git('rev-parse', '--short', 'HEAD'),
    cores: cpus().length,
    versions: { node: process.version, temporalSdk: packages.dependencies['@temporalio/worker'] },
  };
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});

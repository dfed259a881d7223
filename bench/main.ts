import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createDatabase } from '../db/database';
import { scratchFolder } from '../dev/scratch-folder';
import { System } from '../dev/system';
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
  variant: Variant,
  use: (system: System, ordersUrl: string) => Promise<Result>,
): Promise<Result> {
  const folder = scratchFolder('tandem-bench-');
  const system = new System({
    folder: folder.path,
    usualPorts: false,
    // Two of the three take none, and the simulator would go on trying.
    withoutWebhooks: true,
    ...(variant.temporal ? { temporal: variant.temporal } : {}),
    onEnd: (name, reason) => console.error(`${name} ended: ${reason}`),
  });
  try {
    await Promise.all([
      ...[system.startPostgres(), system.startRedis(), system.startDoubles()],
      variant.temporal && system.startTemporal(),
    ]);
    await system.prepareData();
    await stockShelves(system.setting('DATABASE_URL'));
    return await use(system, await variant.start(system));
  } finally {
    await system.processes.stopAll();
    folder.remove();
  }
}

async function stockShelves(url: string): Promise<void> {
  const db = createDatabase({ url, applicationName: 'bench', onError: () => undefined });
  const skus = ['BENCH-A', 'BENCH-B'];
  const products = skus.map((sku) => ({
    sku,
    name: sku,
    unit_price_minor: 1_000,
    currency: 'EUR',
  }));
  await db.insertInto('inventory.products').values(products).execute();
  await db
    .insertInto('inventory.stock')
    .values(skus.map((sku) => ({ sku, on_hand: 1_000_000 })))
    .execute();
  await db.destroy();
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

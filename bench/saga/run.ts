import { stockProduct } from '../../dev/catalogue';
import { onScratchSystem } from '../../dev/scratch-system';
import type { System } from '../../dev/system';
import { withDatabase } from '../../dev/with-database';
import packages from '../../package.json';
import { writeResults } from '../results-file';
import { measure, type Measurement } from './measure';
import { printTable } from './table';
import { VARIANTS, type Variant } from './variants';

/** Places orders in four ways on the same servers; prints one table and keeps it. */
export async function benchSaga(only: readonly string[] | undefined): Promise<void> {
  const variants = VARIANTS.filter(({ name }) => only?.includes(name) ?? true);
  const measured: Record<string, Measurement> = {};
  for (const variant of variants) {
    console.error(`measuring ${variant.name}: ${variant.what}`);
    measured[variant.name] = await onFreshSystem(variant, (system, url) =>
      measure(system, variant, url),
    );
  }
  printTable(measured);
  const versions = { temporalSdk: packages.dependencies['@temporalio/worker'] };
  if (!only) writeResults('saga', versions, { variants: measured });
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

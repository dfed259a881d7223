import { sql } from 'kysely';
import type { CatalogueEntry } from '../domain/pricing';
import type { Database } from './database';

/** A product with what of it can be sold now. */
export interface ProductWithStock extends CatalogueEntry {
  readonly name: string;
  readonly available: number;
}

/** The catalogue's entries of these SKUs; unknown ones are missing. */
export async function findCatalogueEntries(
  db: Database,
  skus: readonly string[],
): Promise<Map<string, CatalogueEntry>> {
  const rows = await db
    .selectFrom('inventory.products')
    .select(['sku', 'unit_price_minor', 'currency'])
    .where('sku', 'in', skus)
    .execute();
  return new Map(
    rows.map(({ sku, unit_price_minor, currency }) => [
      sku,
      { sku, unitPriceMinor: unit_price_minor, currency },
    ]),
  );
}

/** Up to `limit` products in the order of their SKUs, those after `afterSku`. */
export async function listProducts(
  db: Database,
  page: { limit: number; afterSku?: string | undefined },
): Promise<ProductWithStock[]> {
  const rows = await db
    .selectFrom('inventory.products as product')
    .innerJoin('inventory.stock as stock', 'stock.sku', 'product.sku')
    .select(['product.sku', 'name', 'unit_price_minor', 'currency'])
    .select(sql<number>`on_hand - reserved`.as('available'))
    .$if(page.afterSku !== undefined, (query) => query.where('product.sku', '>', page.afterSku!))
    .orderBy('product.sku')
    .limit(page.limit)
    .execute();
  return rows.map(({ unit_price_minor, ...row }) => ({ ...row, unitPriceMinor: unit_price_minor }));
}

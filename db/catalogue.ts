import { sql } from 'kysely';
import type { CatalogueEntry } from '../domain/pricing';
import type { Database } from './database';

/** A product with what of it can be sold now. */
export interface ProductWithStock extends CatalogueEntry {
  readonly name: string;
  readonly available: number;
  readonly lowStockThreshold: number;
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

/** Which products, in the order of their SKUs, and from where on. */
export interface ProductQuery {
  readonly limit: number;
  readonly afterSku?: string | undefined;
  /** Only those of which as little as their threshold can be sold, or less. */
  readonly isLow?: boolean | undefined;
}

/** A page of products. */
export async function listProducts(db: Database, query: ProductQuery): Promise<ProductWithStock[]> {
  return products(db)
    .$if(query.afterSku !== undefined, (asked) => asked.where('product.sku', '>', query.afterSku!))
    .$if(query.isLow === true, (asked) =>
      asked.where(sql<boolean>`on_hand - reserved <= low_stock_threshold`),
    )
    .orderBy('product.sku')
    .limit(query.limit)
    .execute();
}

/** The product, or undefined. */
export async function findProduct(
  db: Database,
  sku: string,
): Promise<ProductWithStock | undefined> {
  return products(db).where('product.sku', '=', sku).executeTakeFirst();
}

function products(db: Database) {
  return db
    .selectFrom('inventory.products as product')
    .innerJoin('inventory.stock as stock', 'stock.sku', 'product.sku')
    .select(['product.sku', 'name', 'unit_price_minor as unitPriceMinor', 'currency'])
    .select('low_stock_threshold as lowStockThreshold')
    .select(sql<number>`on_hand - reserved`.as('available'));
}

/** A product as it is to be. */
export interface NewProduct extends CatalogueEntry {
  readonly name: string;
  readonly lowStockThreshold: number;
}

/** Adds the product, with nothing on the shelf, or changes it. Says whether it is new. */
export async function saveProduct(db: Database, product: NewProduct): Promise<{ isNew: boolean }> {
  const { sku, name, unitPriceMinor, currency, lowStockThreshold } = product;
  const { rows } = await sql<{ isNew: boolean }>`
    with saved as (
      insert into inventory.products (sku, name, unit_price_minor, currency, low_stock_threshold)
      values (${sku}, ${name}, ${unitPriceMinor}::bigint, ${currency}, ${lowStockThreshold})
      on conflict (sku) do update set name = excluded.name, currency = excluded.currency,
        unit_price_minor = excluded.unit_price_minor,
        low_stock_threshold = excluded.low_stock_threshold
      returning sku, xmax = 0 as is_new),
    shelf as (
      insert into inventory.stock (sku, on_hand) select sku, 0 from saved on conflict do nothing)
    select is_new as "isNew" from saved`.execute(db);
  return rows[0]!;
}

import type { Database } from '../db/database';
import { withDatabase } from './with-database';

/** What a shop has on its shelves when it opens; the last one has run out. */
const CATALOGUE = [
  { sku: 'TEA-EARL-GREY', name: 'Earl Grey, 100 g', unit_price_minor: 890, on_hand: 10_000 },
  { sku: 'TEA-SENCHA', name: 'Sencha, 100 g', unit_price_minor: 1_290, on_hand: 10_000 },
  { sku: 'POT-CAST-IRON', name: 'Cast iron pot, 0.8 l', unit_price_minor: 5_900, on_hand: 500 },
  { sku: 'CUP-STONEWARE', name: 'Stoneware cup', unit_price_minor: 1_450, on_hand: 2_000 },
  { sku: 'KETTLE-GOOSENECK', name: 'Gooseneck kettle', unit_price_minor: 7_900, on_hand: 150 },
  { sku: 'WHISK-BAMBOO', name: 'Bamboo whisk (sold out)', unit_price_minor: 1_990, on_hand: 0 },
];

/** Fills an empty catalogue; one that has products is left as it is. Returns how many were added. */
export async function seedCatalogue(databaseUrl: string): Promise<number> {
  return withDatabase(databaseUrl, 'tandem-seed', (db) =>
    db.transaction().execute(async (tx) => {
      const any = await tx.selectFrom('inventory.products').select('sku').limit(1).execute();
      if (any.length > 0) return 0;
      const products = CATALOGUE.map(({ sku, name, unit_price_minor }) => {
        return { sku, name, unit_price_minor, currency: 'EUR' };
      });
      await tx.insertInto('inventory.products').values(products).execute();
      const stock = CATALOGUE.map(({ sku, on_hand }) => ({ sku, on_hand }));
      await tx.insertInto('inventory.stock').values(stock).execute();
      return CATALOGUE.length;
    }),
  );
}

/** Puts a product on the shelf. */
export async function stockProduct(
  db: Database,
  sku: string,
  onHand: number,
  unitPriceMinor = 1_000,
): Promise<void> {
  await db
    .insertInto('inventory.products')
    .values({ sku, name: sku, unit_price_minor: unitPriceMinor, currency: 'EUR' })
    .execute();
  await db.insertInto('inventory.stock').values({ sku, on_hand: onHand }).execute();
}

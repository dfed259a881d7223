import { z } from 'zod';
import type { ProductWithStock } from '../../db/catalogue';
import { SKU_PATTERN } from '../../domain/pricing';
import { singleLine } from '../http/text';

const MAX_NAME_LENGTH = 200;
/** As much as an order may come to (Stripe). */
const MAX_PRICE_MINOR = 99_999_999;
const MAX_THRESHOLD = 1_000_000;

/** A product's number in the shop. */
export const skuSchema = z
  .string()
  .regex(SKU_PATTERN, 'expected a SKU, such as TEA-EARL-GREY')
  .meta({ example: 'TEA-EARL-GREY' });

/** The path's product. */
export const productParams = z.object({ sku: skuSchema });

/** Those of ICU, which are those of ISO 4217. */
const CURRENCIES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

const productFields = {
  name: singleLine(MAX_NAME_LENGTH),
  unitPriceMinor: z.int().min(0).max(MAX_PRICE_MINOR),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'expected an ISO 4217 code')
    .refine((code) => CURRENCIES.has(code), 'no currency of ISO 4217')
    .meta({ example: 'EUR' })
    .describe('ISO 4217.'),
};

/** A product for those who sell it. */
export const productSchema = z
  .strictObject({
    object: z.literal('product'),
    sku: skuSchema,
    ...productFields,
    available: z.int().describe('What can be sold now.'),
    lowStockThreshold: z.int().nonnegative(),
    isLow: z.boolean().describe('As little as the threshold is left, or less.'),
  })
  .meta({ id: 'Product' });

/** A product as it is to be. */
export const newProductSchema = z
  .strictObject({
    ...productFields,
    lowStockThreshold: z.int().min(0).max(MAX_THRESHOLD).default(0),
  })
  .meta({ id: 'NewProduct' });

/** A product that was bought together with another. */
export const recommendationSchema = z
  .strictObject({
    object: z.literal('recommendation'),
    sku: skuSchema,
    orders: z.int().positive().describe('In how many orders.'),
  })
  .meta({ id: 'Recommendation' });

/** See {@link productSchema}. */
export function productResource(product: ProductWithStock): z.infer<typeof productSchema> {
  const isLow = product.available <= product.lowStockThreshold;
  return { object: 'product', ...product, isLow };
}

import { z } from 'zod';
import type { Stock, StockChange } from '../../db/stock-changes';
import { momentSchema } from '../contract/moments';
import { singleLine } from '../http/text';
import { skuSchema } from './product-resource';

/** No delivery is larger. */
const MAX_CHANGE = 1_000_000_000;
const MAX_REASON_LENGTH = 200;

/** What is on the shelf of a product. */
export const stockSchema = z
  .strictObject({
    object: z.literal('stock'),
    sku: skuSchema,
    onHand: z.int().nonnegative().describe('What is on the shelf.'),
    reserved: z.int().nonnegative().describe('How much of it is promised to orders under way.'),
    available: z.int().nonnegative(),
  })
  .meta({ id: 'Stock' });

const reason = singleLine(MAX_REASON_LENGTH).describe('Why, for the record.');
/** A change that is asked for. */
export const newChangeSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({
      kind: z.literal('adjust'),
      delta: z.int().min(-MAX_CHANGE).max(MAX_CHANGE).describe('How many more, or fewer.'),
      reason,
    }),
    z.strictObject({
      kind: z.literal('set'),
      onHand: z.int().min(0).max(MAX_CHANGE).describe('How many were counted.'),
      reason,
    }),
  ])
  .meta({ id: 'NewStockChange' });

/** A change that was made. */
export const changeSchema = z
  .strictObject({
    object: z.literal('stock_change'),
    id: z.int().positive(),
    sku: skuSchema,
    kind: z.enum(['adjust', 'set']),
    delta: z.int(),
    onHand: z.int().nonnegative().describe('What was on the shelf then.'),
    reason: z.string(),
    by: z.string().describe('With which key or token.'),
    recordedAt: momentSchema,
  })
  .meta({ id: 'StockChange' });

/** See {@link stockSchema}. */
export function stockResource(stock: Stock): z.infer<typeof stockSchema> {
  return { object: 'stock', ...stock, available: stock.onHand - stock.reserved };
}

/** See {@link changeSchema}. */
export function changeResource(change: StockChange): z.infer<typeof changeSchema> {
  return { object: 'stock_change', ...change, recordedAt: change.recordedAt.toISOString() };
}

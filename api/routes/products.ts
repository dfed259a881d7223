import type Router from '@koa/router';
import { z } from 'zod';
import type { Database } from '../../db/database';
import { listProducts } from '../../db/catalogue';
import { SKU_PATTERN } from '../../domain/pricing';
import { validate } from '../validation';

/** A page of a catalogue that a browser can still show at once. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;

const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  starting_after: z.string().regex(SKU_PATTERN, 'expected a SKU').optional(),
});

/** `GET /v1/products`: prices, and what of each product can be sold now, a page at a time. */
export function productRoutes(router: Router, { db }: { db: Database }): void {
  router.get('/v1/products', async (ctx) => {
    const { limit, starting_after } = validate(pageQuery, { ...ctx.query }, 'invalid-query');
    // One more than asked for tells whether there are more.
    const found = await listProducts(db, { limit: limit + 1, afterSku: starting_after });
    ctx.body = {
      object: 'list',
      data: found.slice(0, limit).map((product) => ({ object: 'product', ...product })),
      has_more: found.length > limit,
    };
  });
}

import type Router from '@koa/router';
import { z } from 'zod';
import type { Database } from '../../db/database';
import { listProducts } from '../../db/catalogue';
import { listRecommendations } from '../../db/recommendations';
import { SKU_PATTERN } from '../../domain/pricing';
import { Problem } from '../problem';
import { validate } from '../validation';

/** A page of a catalogue that a browser can still show at once. */
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
/** A row of a shop's page. */
const DEFAULT_RECOMMENDATIONS = 5;

const pageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  starting_after: z.string().regex(SKU_PATTERN, 'expected a SKU').optional(),
});

const recommendationsQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_RECOMMENDATIONS),
});

/**
 * `GET /v1/products`: prices, and what of each product can be sold now, a page at a time;
 * `GET /v1/products/{sku}/recommendations`: what was bought together with it, the most often first.
 */
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

  router.get('/v1/products/:sku/recommendations', async (ctx) => {
    const { limit } = validate(recommendationsQuery, { ...ctx.query }, 'invalid-query');
    const sku = ctx.params['sku']!;
    if (!SKU_PATTERN.test(sku)) throw new Problem('not-found');
    const found = await listRecommendations(db, sku, limit);
    ctx.body = {
      object: 'list',
      data: found.map((one) => ({ object: 'recommendation', ...one })),
    };
  });
}

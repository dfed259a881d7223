import { z } from 'zod';
import { findProduct, listProducts, saveProduct } from '../../db/catalogue';
import type { Database } from '../../db/database';
import { listRecommendations } from '../../db/recommendations';
import { limitSchema, listSchema, pageOf } from '../contract/lists';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import {
  newProductSchema,
  productParams,
  productResource,
  productSchema,
  recommendationSchema,
  skuSchema,
} from '../products/product-resource';

/** A row of a shop's page. */
const DEFAULT_RECOMMENDATIONS = 5;

/** Who sells may read the catalogue, who keeps it may change it. It is one for all tenants. */
const READERS = ['orders', 'catalogue'] as const;

/** The catalogue, and what is bought together. */
export function productOperations({ db }: { db: Database }): Operation[] {
  return [listing(db), reading(db), saving(db), recommending(db)];
}

function listing(db: Database): Operation {
  return operation({
    id: 'listProducts',
    method: 'get',
    path: '/v1/products',
    tag: 'products',
    summary: 'List products with prices and what can be sold',
    scopes: READERS,
    query: z.strictObject({
      limit: limitSchema(),
      starting_after: skuSchema.optional(),
      low_stock: z
        .stringbool({ truthy: ['true'], falsy: ['false'] })
        .optional()
        .meta({ type: 'boolean' }),
    }),
    answers: { 200: { about: 'A page of products.', body: listSchema(productSchema) } },
    async handle({ query: { limit, starting_after: afterSku, low_stock: isLow } }) {
      // One more than asked for tells whether there are more.
      const found = await listProducts(db, { limit: limit + 1, afterSku, isLow });
      return { status: 200, body: pageOf(found, limit, productResource) };
    },
  });
}

function reading(db: Database): Operation {
  return operation({
    id: 'getProduct',
    method: 'get',
    path: '/v1/products/{sku}',
    tag: 'products',
    summary: 'Read a product',
    scopes: READERS,
    params: productParams,
    answers: { 200: { about: 'The product.', body: productSchema } },
    async handle({ params: { sku } }) {
      const product = await findProduct(db, sku);
      if (!product) throw noSuchProduct();
      return { status: 200, body: productResource(product) };
    },
  });
}

function saving(db: Database): Operation {
  return operation({
    id: 'saveProduct',
    method: 'put',
    path: '/v1/products/{sku}',
    tag: 'products',
    summary: 'Add a product or change it',
    description:
      'Orders that were placed keep their prices. A new product has nothing on the shelf.',
    scopes: ['catalogue'],
    params: productParams,
    body: newProductSchema,
    invalidBody: 'invalid-product',
    answers: {
      200: { about: 'It was changed.', body: productSchema },
      201: { about: 'It was added.', body: productSchema },
    },
    async handle({ params: { sku }, body }) {
      const { isNew } = await saveProduct(db, { sku, ...body });
      const saved = await findProduct(db, sku);
      return { status: isNew ? 201 : 200, body: productResource(saved!) };
    },
  });
}

function recommending(db: Database): Operation {
  return operation({
    id: 'listRecommendations',
    method: 'get',
    path: '/v1/products/{sku}/recommendations',
    tag: 'products',
    summary: 'List what was bought together with a product, the most often first',
    description: 'Counted by a consumer of events, so they may lag.',
    scopes: READERS,
    params: productParams,
    query: z.strictObject({
      limit: limitSchema(DEFAULT_RECOMMENDATIONS),
    }),
    answers: { 200: { about: 'The products.', body: listSchema(recommendationSchema) } },
    async handle({ params: { sku }, query: { limit } }) {
      const found = await listRecommendations(db, sku, limit);
      const resource = (one: (typeof found)[number]) => ({ object: 'recommendation', ...one });
      return { status: 200, body: pageOf(found, limit, resource) };
    },
  });
}

/** What a caller is told of a product that is not there. */
export function noSuchProduct(): Problem {
  return new Problem('not-found', { detail: 'there is no such product' });
}

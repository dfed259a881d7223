import { z } from 'zod';
import type { Database } from '../../db/database';
import {
  changeStock,
  findStock,
  listStockChanges,
  type Stock,
  type StockChanging,
} from '../../db/stock-changes';
import { idempotentRequest } from '../callers/idempotent-request';
import { afterNumberSchema, limitSchema, listSchema, pageOf } from '../contract/lists';
import { operation, type Answer, type Operation } from '../contract/operation';
import { idempotencyHeaders } from '../contract/request-headers';
import { Problem } from '../http/problem';
import { idempotencyKey } from '../http/request-headers';
import { productParams } from '../products/product-resource';
import {
  changeResource,
  changeSchema,
  newChangeSchema,
  stockResource,
  stockSchema,
} from '../products/stock-resource';
import { noSuchProduct } from './products';

/** What is on the shelf, and every change of it that is no sale. */
export function stockOperations({ db }: { db: Database }): Operation[] {
  return [reading(db), changing(db), listing(db)];
}

function reading(db: Database): Operation {
  return operation({
    id: 'getStock',
    method: 'get',
    path: '/v1/products/{sku}/stock',
    tag: 'products',
    summary: 'Read what is on the shelf',
    scopes: ['catalogue'],
    params: productParams,
    answers: { 200: { about: 'The stock.', body: stockSchema } },
    async handle({ params: { sku } }) {
      const stock = await findStock(db, sku);
      if (!stock) throw noSuchProduct();
      return { status: 200, body: stockResource(stock) };
    },
  });
}

function changing(db: Database): Operation {
  return operation({
    id: 'changeStock',
    method: 'post',
    path: '/v1/products/{sku}/stock-changes',
    tag: 'products',
    summary: 'Change what is on the shelf',
    description:
      'By a difference (`adjust`), or to what was counted (`set`). Happens once a key, which is kept for ever: ' +
      'a count that is sent again after a sale would be wrong.',
    scopes: ['catalogue'],
    params: productParams,
    headers: z.object(idempotencyHeaders),
    body: newChangeSchema,
    invalidBody: 'invalid-stock-change',
    answers: {
      200: { about: 'It was changed before, by this key.', body: changeSchema },
      201: { about: 'It is changed.', body: changeSchema },
    },
    problems: [
      ...(['idempotency-key-missing', 'idempotency-key-invalid'] as const),
      ...(['idempotency-key-reused', 'request-in-progress', 'not-enough-stock'] as const),
    ],
    async handle({ ctx, caller, params: { sku }, body }) {
      const { reason: why, ...wanted } = body;
      const request = idempotentRequest(caller, idempotencyKey(ctx), { sku, ...body });
      const change = { sku, wanted, reason: why, by: caller.credential };
      return answerOf(await changeStock(db, request, change));
    },
  });
}

function answerOf(changing: StockChanging): Answer {
  switch (changing.outcome) {
    case 'changed':
      return { status: 201, body: changeResource(changing.change) };
    case 'replayed': {
      const headers = { 'Idempotent-Replayed': 'true' };
      return { status: 200, headers, body: changeResource(changing.change) };
    }
    case 'key_reused':
      throw new Problem('idempotency-key-reused');
    case 'in_progress':
      throw new Problem('request-in-progress', { headers: { 'Retry-After': '1' } });
    case 'unknown':
      throw noSuchProduct();
    case 'too_much':
      throw new Problem('invalid-stock-change', { detail: 'no shelf holds so many' });
    case 'too_little':
      throw tooLittle(changing.stock);
  }
}

function tooLittle({ onHand, reserved }: Stock): Problem {
  return new Problem('not-enough-stock', {
    detail: `${onHand} are on the shelf, of which ${reserved} are promised to orders`,
  });
}

function listing(db: Database): Operation {
  return operation({
    id: 'listStockChanges',
    method: 'get',
    path: '/v1/products/{sku}/stock-changes',
    tag: 'products',
    summary: 'List the changes of stock, the latest first',
    scopes: ['catalogue'],
    params: productParams,
    query: z.strictObject({
      limit: limitSchema(),
      starting_after: afterNumberSchema,
    }),
    answers: { 200: { about: 'A page of changes.', body: listSchema(changeSchema) } },
    async handle({ params: { sku }, query: { limit, starting_after: before } }) {
      if (!(await findStock(db, sku))) throw noSuchProduct();
      // One more than asked for tells whether there are more.
      const found = await listStockChanges(db, { sku, before, limit: limit + 1 });
      return { status: 200, body: pageOf(found, limit, changeResource) };
    },
  });
}

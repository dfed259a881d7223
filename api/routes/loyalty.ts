import type Router from '@koa/router';
import type { Database } from '../../db/database';
import { findPoints } from '../../db/loyalty';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { Problem } from '../problem';

/** `GET /v1/customers/{id}/loyalty`: the points of a customer, 0 for one who has never ordered. */
export function loyaltyRoutes(router: Router, { db }: { db: Database }): void {
  router.get('/v1/customers/:id/loyalty', async (ctx) => {
    const customerId = ctx.params['id']!;
    if (!CUSTOMER_ID_PATTERN.test(customerId)) throw new Problem('not-found');
    const points = await findPoints(db, customerId);
    if (points === undefined) throw new Problem('not-found', { detail: 'no points are kept here' });
    ctx.body = { object: 'loyalty_balance', customerId, points };
  });
}

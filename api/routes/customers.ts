import { z } from 'zod';
import type { Database } from '../../db/database';
import { findPoints } from '../../db/loyalty';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';

const balanceSchema = z
  .strictObject({
    object: z.literal('loyalty_balance'),
    customerId: z.string(),
    points: z.int(),
  })
  .meta({ id: 'LoyaltyBalance' });

/** The points of a customer, 0 for one who has never ordered. */
export function loyaltyOperation({ db }: { db: Database }): Operation {
  return operation({
    id: 'getLoyaltyBalance',
    method: 'get',
    path: '/v1/customers/{id}/loyalty',
    tag: 'customers',
    summary: "Read a customer's points",
    description: 'Counted by a consumer of events, so they may lag.',
    scopes: ['orders'],
    params: z.object({ id: z.string().regex(CUSTOMER_ID_PATTERN) }),
    answers: { 200: { about: 'The points.', body: balanceSchema } },
    async handle({ caller, params: { id: customerId } }) {
      // Who is bound to one customer sees nothing of the others, not even that there are none.
      if (caller.customerId !== undefined && caller.customerId !== customerId) throw noPoints();
      const points = await findPoints(db, { tenant: caller.tenant, customerId });
      if (points === undefined) throw noPoints();
      return { status: 200, body: { object: 'loyalty_balance', customerId, points } };
    },
  });
}

function noPoints(): Problem {
  return new Problem('not-found', { detail: 'no points are kept here' });
}

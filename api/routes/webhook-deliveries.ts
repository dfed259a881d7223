import { z } from 'zod';
import type { Database } from '../../db/database';
import { findEndpoint, listDeliveries, redeliver } from '../../db/webhook-endpoints';
import type { Caller } from '../callers/caller';
import { afterNumberSchema, limitSchema, listSchema, pageOf } from '../contract/lists';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import {
  DELIVERY_STATES,
  deliveryResource,
  deliverySchema,
  redeliverySchema,
} from '../webhooks/delivery-resource';
import { endpointParams } from '../webhooks/endpoint-resource';
import { noSuchEndpoint } from './webhook-endpoints';

/** The delivery log of an endpoint. */
export function webhookDeliveryOperations({ db }: { db: Database }): Operation[] {
  return [listing(db), redelivering(db)];
}

function listing(db: Database): Operation {
  return operation({
    id: 'listWebhookDeliveries',
    method: 'get',
    path: '/v1/webhook-endpoints/{id}/deliveries',
    tag: 'webhook endpoints',
    summary: 'List deliveries with every attempt, the latest first',
    scopes: ['webhooks'],
    params: endpointParams,
    query: z.strictObject({
      limit: limitSchema(),
      starting_after: afterNumberSchema,
      state: z.enum(DELIVERY_STATES).optional(),
    }),
    answers: { 200: { about: 'A page of deliveries.', body: listSchema(deliverySchema) } },
    async handle({ caller, params: { id }, query }) {
      const endpointId = await ownId(db, caller, id);
      const { limit, state, starting_after: before } = query;
      // One more than asked for tells whether there are more.
      const asked = { endpointId, state, before, limit: limit + 1 };
      return {
        status: 200,
        body: pageOf(await listDeliveries(db, asked), limit, deliveryResource),
      };
    },
  });
}

function redelivering(db: Database): Operation {
  return operation({
    id: 'redeliverWebhook',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/deliveries/{delivery}/redeliver',
    tag: 'webhook endpoints',
    summary: 'Deliver again, under the same webhook-id',
    scopes: ['webhooks'],
    params: endpointParams.extend({
      delivery: z
        .string()
        .regex(/^[1-9]\d{0,14}$/)
        .transform(Number),
    }),
    answers: { 202: { about: 'It is due now.', body: redeliverySchema } },
    async handle({ caller, params }) {
      const endpointId = await ownId(db, caller, params.id);
      if (!(await redeliver(db, endpointId, params.delivery))) {
        throw new Problem('not-found', { detail: 'there is no such delivery' });
      }
      const body = { object: 'webhook_delivery', id: params.delivery, state: 'pending' };
      return { status: 202, body };
    },
  });
}

async function ownId(db: Database, { tenant }: Caller, id: string): Promise<string> {
  const endpoint = await findEndpoint(db, tenant, id);
  if (!endpoint) throw noSuchEndpoint();
  return endpoint.id;
}

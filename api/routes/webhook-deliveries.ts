import { z } from 'zod';
import type { Database } from '../../db/database';
import {
  findEndpoint,
  listDeliveries,
  redeliver,
  type WebhookDelivery,
} from '../../db/webhook-endpoints';
import type { Caller } from '../callers/caller';
import { afterNumberSchema, limitSchema, listSchema, pageOf } from '../contract/lists';
import { momentSchema } from '../contract/moments';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import { endpointParams, noSuchEndpoint } from './webhook-endpoints';

const STATES = ['pending', 'sending', 'delivered', 'failed'] as const;

const deliverySchema = z
  .strictObject({
    object: z.literal('webhook_delivery'),
    id: z.int().positive(),
    eventId: z.string(),
    eventType: z.string(),
    state: z.enum(STATES),
    plannedAt: momentSchema,
    nextAttemptAt: momentSchema.nullable(),
    deliveredAt: momentSchema.nullable(),
    attempts: z.array(
      z.strictObject({
        at: z.iso.datetime({ offset: true }),
        status: z.int().nullable().describe('What your server answered; null if nothing.'),
        error: z.string().nullable(),
        durationMs: z.int(),
      }),
    ),
  })
  .meta({ id: 'WebhookDelivery' });

const redeliverySchema = z
  .strictObject({
    object: z.literal('webhook_delivery'),
    id: z.int().positive(),
    state: z.literal('pending'),
  })
  .meta({ id: 'WebhookRedelivery' });

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
      state: z.enum(STATES).optional(),
    }),
    answers: { 200: { about: 'A page of deliveries.', body: listSchema(deliverySchema) } },
    async handle({ caller, params: { id }, query }) {
      const endpointId = await ownId(db, caller, id);
      const { limit, state, starting_after: before } = query;
      // One more than asked for tells whether there are more.
      const asked = { endpointId, state, before, limit: limit + 1 };
      return { status: 200, body: pageOf(await listDeliveries(db, asked), limit, resource) };
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

function resource(delivery: WebhookDelivery): z.infer<typeof deliverySchema> {
  const { plannedAt, nextAttemptAt, deliveredAt, attempts } = delivery;
  return {
    object: 'webhook_delivery',
    ...delivery,
    plannedAt: plannedAt.toISOString(),
    nextAttemptAt: nextAttemptAt?.toISOString() ?? null,
    deliveredAt: deliveredAt?.toISOString() ?? null,
    attempts: [...attempts],
  };
}

import { randomBytes } from 'node:crypto';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import type { Database } from '../../db/database';
import * as endpoints from '../../db/webhook-endpoints';
import { parseTarget, TargetRefused, type TargetPolicy } from '../../domain/webhook-target';
import { ALL_EVENTS } from '../../events/all-events';
import type { Sealer } from '../../events/sealing';
import { WebhookEndpointDisabled } from '../../events/webhook-endpoint-events';
import { CALLER } from '../caller';
import { jsonBody } from '../json-body';
import { Problem } from '../problem';
import { validate } from '../validation';

/** Each event is sent to each of them. */
const MAX_ENDPOINTS = 50;
const MAX_PAGE = 100;
const DEFAULT_PAGE = 20;
/** Standard Webhooks: between 24 and 64. */
const SECRET_BYTES = 32;
const ENDPOINT_ID = /^whe_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What registering webhook endpoints needs. */
export interface WebhookEndpointDependencies {
  readonly db: Database;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly targetPolicy: TargetPolicy;
}

/** That an endpoint is disabled is not told to endpoints. */
const TOLD = ALL_EVENTS.filter((event) => event !== WebhookEndpointDisabled);
const eventType = z.enum(TOLD.map(({ type }) => type) as [string, ...string[]]);

function endpointSchema(policy: TargetPolicy) {
  return z.strictObject({
    url: z.string().superRefine((text, context) => {
      try {
        parseTarget(text, policy);
      } catch (error) {
        if (!(error instanceof TargetRefused)) throw error;
        context.addIssue(error.message);
      }
    }),
    eventTypes: z.array(eventType).min(1).optional(),
    description: z.string().max(200).default(''),
    /** Who is told when the endpoint is disabled. */
    contactEmail: z.email().max(254),
  });
}

const deliveriesQuery = z.strictObject({
  state: z.enum(['pending', 'sending', 'delivered', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
  starting_after: z.coerce.number().int().positive().optional(),
});

/**
 * `/v1/webhook-endpoints`: where customers' own servers are told what happened. The secret is in the
 * answer to `POST` and to `rotate-secret`, and never again.
 */
export function webhookEndpointRoutes(
  router: Router,
  { db, sealer, targetPolicy }: WebhookEndpointDependencies,
): void {
  const schema = endpointSchema(targetPolicy);

  router.post('/v1/webhook-endpoints', jsonBody(), async (ctx) => {
    const body = validate(schema, ctx.request.body, 'invalid-webhook-endpoint');
    const secret = newSecret();
    const registered = await endpoints.registerEndpoint(
      db,
      CALLER,
      {
        ...{ url: body.url, description: body.description, eventTypes: body.eventTypes ?? null },
        contactSealed: await sealer.seal({ email: body.contactEmail }),
        secretSealed: await sealer.seal(secret),
      },
      MAX_ENDPOINTS,
    );
    if (!registered) throw new Problem('too-many-webhook-endpoints');
    ctx.status = 201;
    ctx.set('Location', `/v1/webhook-endpoints/${registered.id}`);
    ctx.body = { ...resource(registered), secret };
  });

  router.get('/v1/webhook-endpoints', async (ctx) => {
    const found = await endpoints.listEndpoints(db, CALLER);
    ctx.body = { object: 'list', data: found.map(resource), has_more: false };
  });

  router.get('/v1/webhook-endpoints/:id', async (ctx) => {
    ctx.body = resource(await own(db, ctx));
  });

  router.delete('/v1/webhook-endpoints/:id', async (ctx) => {
    if (!(await endpoints.deleteEndpoint(db, CALLER, idOf(ctx)))) throw noSuchEndpoint();
    ctx.status = 204;
  });

  router.post('/v1/webhook-endpoints/:id/enable', async (ctx) => {
    const enabled = await endpoints.enableEndpoint(db, CALLER, idOf(ctx));
    if (!enabled) throw noSuchEndpoint();
    ctx.body = resource(enabled);
  });

  router.post('/v1/webhook-endpoints/:id/rotate-secret', async (ctx) => {
    const [id, secret] = [idOf(ctx), newSecret()];
    const secretSealed = await sealer.seal(secret);
    const rotated = await endpoints.rotateSecret(db, CALLER, { id, secretSealed });
    if (!rotated) throw noSuchEndpoint();
    ctx.body = { object: 'webhook_secret', secret, oldSecretExpiresAt: rotated.oldExpiresAt };
  });

  router.get('/v1/webhook-endpoints/:id/deliveries', async (ctx) => {
    const query = validate(deliveriesQuery, { ...ctx.query }, 'invalid-query');
    const { limit, state, starting_after: before } = query;
    const { id: endpointId } = await own(db, ctx);
    // One more than asked for tells whether there are more.
    const asked = { endpointId, state, before, limit: limit + 1 };
    const found = await endpoints.listDeliveries(db, asked);
    ctx.body = {
      object: 'list',
      data: found.slice(0, limit).map((one) => ({ object: 'webhook_delivery', ...one })),
      has_more: found.length > limit,
    };
  });

  router.post('/v1/webhook-endpoints/:id/deliveries/:delivery/redeliver', async (ctx) => {
    const { id } = await own(db, ctx);
    const delivery = ctx.params['delivery']!;
    const isNumber = /^[1-9]\d{0,14}$/.test(delivery);
    if (!isNumber || !(await endpoints.redeliver(db, id, Number(delivery)))) {
      throw new Problem('not-found', { detail: 'there is no such delivery' });
    }
    ctx.status = 202;
    ctx.body = { object: 'webhook_delivery', id: Number(delivery), state: 'pending' };
  });
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function resource(endpoint: endpoints.WebhookEndpoint) {
  return { object: 'webhook_endpoint', ...endpoint };
}

async function own(db: Database, ctx: Context): Promise<endpoints.WebhookEndpoint> {
  const endpoint = await endpoints.findEndpoint(db, CALLER, idOf(ctx));
  if (!endpoint) throw noSuchEndpoint();
  return endpoint;
}

function idOf(ctx: Context): string {
  const { id = '' } = ctx['params'] as { id?: string };
  if (!ENDPOINT_ID.test(id)) throw noSuchEndpoint();
  return id;
}

function noSuchEndpoint(): Problem {
  return new Problem('not-found', { detail: 'there is no such webhook endpoint' });
}

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../db/database';
import * as endpoints from '../../db/webhook-endpoints';
import { parseTarget, TargetRefused, type TargetPolicy } from '../../domain/webhook-target';
import { ALL_EVENTS } from '../../events/all-events';
import type { Sealer } from '../../events/sealing';
import { WebhookEndpointDisabled } from '../../events/webhook-endpoint-events';
import { listSchema } from '../contract/lists';
import { momentSchema } from '../contract/moments';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';

/** Each event is sent to each of them. */
const MAX_ENDPOINTS = 50;
/** Longer than any address of a server, shorter than what a URL may be anywhere. */
const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;
const MAX_EMAIL_LENGTH = 254;
/** Standard Webhooks: between 24 and 64. */
const SECRET_BYTES = 32;

/** What registering webhook endpoints needs. */
export interface WebhookEndpointDependencies {
  readonly db: Database;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly targetPolicy: TargetPolicy;
}

/** The path's endpoint. */
export const endpointParams = z.object({
  id: z.string().regex(/^whe_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
});

/** That an endpoint is disabled is not told to endpoints. */
const TOLD = ALL_EVENTS.filter((event) => event !== WebhookEndpointDisabled);
const eventType = z.enum(TOLD.map(({ type }) => type) as [string, ...string[]]);

const endpointSchema = z
  .strictObject({
    object: z.literal('webhook_endpoint'),
    id: z.string(),
    url: z.string(),
    eventTypes: z.array(z.string()).nullable().describe('Null: all.'),
    description: z.string(),
    state: z.enum(['enabled', 'disabled']),
    disabledReason: z.string().nullable().describe('`gone` or `failing`.'),
    disabledAt: momentSchema.nullable(),
    createdAt: momentSchema,
  })
  .meta({ id: 'WebhookEndpoint' });

const registeredSchema = endpointSchema
  .extend({ secret: z.string().describe('Shown now, and never again.') })
  .meta({ id: 'RegisteredWebhookEndpoint' });

const rotatedSchema = z
  .strictObject({
    object: z.literal('webhook_secret'),
    secret: z.string().describe('Shown now, and never again.'),
    oldSecretExpiresAt: momentSchema,
  })
  .meta({ id: 'WebhookSecret' });

function newEndpointSchema(policy: TargetPolicy) {
  return z
    .strictObject({
      url: z
        .string()
        .max(MAX_URL_LENGTH)
        .superRefine((text, context) => {
          try {
            parseTarget(text, policy);
          } catch (error) {
            if (!(error instanceof TargetRefused)) throw error;
            context.addIssue(error.message);
          }
        })
        .meta({ example: 'https://shop.example/webhooks' }),
      eventTypes: z.array(eventType).min(1).max(TOLD.length).optional(),
      description: z
        .string()
        .max(MAX_DESCRIPTION_LENGTH)
        .regex(/^[^\0]*$/)
        .default(''),
      contactEmail: z
        .email()
        .max(MAX_EMAIL_LENGTH)
        .describe('Who is told when the endpoint is disabled.'),
    })
    .meta({ id: 'NewWebhookEndpoint' });
}

const common = { tag: 'webhook endpoints', scopes: ['webhooks'] } as const;

/** Where customers' own servers are told what happened. */
export function webhookEndpointOperations(dependencies: WebhookEndpointDependencies): Operation[] {
  const { db } = dependencies;
  return [
    registering(dependencies),
    operation({
      ...common,
      id: 'listWebhookEndpoints',
      method: 'get',
      path: '/v1/webhook-endpoints',
      summary: 'List your endpoints, the oldest first',
      answers: { 200: { about: 'All of them.', body: listSchema(endpointSchema) } },
      async handle({ caller }) {
        const found = await endpoints.listEndpoints(db, caller.tenant);
        return {
          status: 200,
          body: { object: 'list', data: found.map(resource), has_more: false },
        };
      },
    }),
    operation({
      ...common,
      id: 'getWebhookEndpoint',
      method: 'get',
      path: '/v1/webhook-endpoints/{id}',
      summary: 'Read an endpoint',
      params: endpointParams,
      answers: { 200: { about: 'The endpoint.', body: endpointSchema } },
      async handle({ caller, params: { id } }) {
        const endpoint = await endpoints.findEndpoint(db, caller.tenant, id);
        return { status: 200, body: resource(existing(endpoint)) };
      },
    }),
    operation({
      ...common,
      id: 'deleteWebhookEndpoint',
      method: 'delete',
      path: '/v1/webhook-endpoints/{id}',
      summary: 'Delete an endpoint',
      params: endpointParams,
      answers: { 204: { about: 'Nothing is sent to it any more.' } },
      async handle({ caller, params: { id } }) {
        if (!(await endpoints.deleteEndpoint(db, caller.tenant, id))) throw noSuchEndpoint();
        return { status: 204 };
      },
    }),
    operation({
      ...common,
      id: 'enableWebhookEndpoint',
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/enable',
      summary: 'Enable an endpoint again',
      params: endpointParams,
      answers: { 200: { about: 'What waited meanwhile is sent now.', body: endpointSchema } },
      async handle({ caller, params: { id } }) {
        const endpoint = await endpoints.enableEndpoint(db, caller.tenant, id);
        return { status: 200, body: resource(existing(endpoint)) };
      },
    }),
    rotating(dependencies),
  ];
}

function registering({ db, sealer, targetPolicy }: WebhookEndpointDependencies): Operation {
  return operation({
    ...common,
    id: 'registerWebhookEndpoint',
    method: 'post',
    path: '/v1/webhook-endpoints',
    summary: 'Register an endpoint',
    body: newEndpointSchema(targetPolicy),
    invalidBody: 'invalid-webhook-endpoint',
    answers: {
      201: {
        about: 'It is told what happens from now on.',
        body: registeredSchema,
        headers: { Location: 'The path of the endpoint.' },
      },
    },
    problems: ['too-many-webhook-endpoints'],
    async handle({ caller, body }) {
      const secret = newSecret();
      const registered = await endpoints.registerEndpoint(
        db,
        caller.tenant,
        {
          ...{ url: body.url, description: body.description, eventTypes: body.eventTypes ?? null },
          contactSealed: await sealer.seal({ email: body.contactEmail }),
          secretSealed: await sealer.seal(secret),
        },
        MAX_ENDPOINTS,
      );
      if (!registered) throw new Problem('too-many-webhook-endpoints');
      const headers = { Location: `/v1/webhook-endpoints/${registered.id}` };
      return { status: 201, headers, body: { ...resource(registered), secret } };
    },
  });
}

function rotating({ db, sealer }: WebhookEndpointDependencies): Operation {
  return operation({
    ...common,
    id: 'rotateWebhookSecret',
    method: 'post',
    path: '/v1/webhook-endpoints/{id}/rotate-secret',
    summary: "Replace an endpoint's secret",
    description: 'The one before signs beside it for 24 hours.',
    params: endpointParams,
    answers: { 200: { about: 'The new secret.', body: rotatedSchema } },
    async handle({ caller, params: { id } }) {
      const secret = newSecret();
      const secretSealed = await sealer.seal(secret);
      const rotated = await endpoints.rotateSecret(db, caller.tenant, { id, secretSealed });
      const oldSecretExpiresAt = existing(rotated).oldExpiresAt.toISOString();
      return { status: 200, body: { object: 'webhook_secret', secret, oldSecretExpiresAt } };
    },
  });
}

function newSecret(): string {
  return `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;
}

function resource(endpoint: endpoints.WebhookEndpoint): z.infer<typeof endpointSchema> {
  const { eventTypes, disabledAt, createdAt } = endpoint;
  return {
    object: 'webhook_endpoint',
    ...endpoint,
    eventTypes: eventTypes && [...eventTypes],
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

function existing<Found>(found: Found | undefined): Found {
  if (found === undefined) throw noSuchEndpoint();
  return found;
}

/** What a caller is told of an endpoint that is not there, or is somebody else's. */
export function noSuchEndpoint(): Problem {
  return new Problem('not-found', { detail: 'there is no such webhook endpoint' });
}

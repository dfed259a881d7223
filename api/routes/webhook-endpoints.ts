import { randomBytes } from 'node:crypto';
import type { Database } from '../../db/database';
import * as endpoints from '../../db/webhook-endpoints';
import type { TargetPolicy } from '../../domain/webhook-target';
import type { Sealer } from '../../events/sealing';
import { listSchema } from '../contract/lists';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import {
  endpointParams,
  endpointResource,
  endpointSchema,
  newEndpointSchema,
  registeredSchema,
  rotatedSchema,
} from '../webhooks/endpoint-resource';

/** Each event is sent to each of them. */
const MAX_ENDPOINTS = 50;
/** Standard Webhooks: between 24 and 64. */
const SECRET_BYTES = 32;

/** What registering webhook endpoints needs. */
export interface WebhookEndpointDependencies {
  readonly db: Database;
  readonly sealer: Pick<Sealer, 'seal'>;
  readonly targetPolicy: TargetPolicy;
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
          body: { object: 'list', data: found.map(endpointResource), has_more: false },
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
        return { status: 200, body: endpointResource(existing(endpoint)) };
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
        return { status: 200, body: endpointResource(existing(endpoint)) };
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
      return { status: 201, headers, body: { ...endpointResource(registered), secret } };
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

function existing<Found>(found: Found | undefined): Found {
  if (found === undefined) throw noSuchEndpoint();
  return found;
}

/** What a caller is told of an endpoint that is not there, or is somebody else's. */
export function noSuchEndpoint(): Problem {
  return new Problem('not-found', { detail: 'there is no such webhook endpoint' });
}

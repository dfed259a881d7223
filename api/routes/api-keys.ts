import { z } from 'zod';
import { listApiKeys, revokeApiKey, saveApiKey, type ApiKey } from '../../db/api-keys';
import type { Database } from '../../db/database';
import { CUSTOMER_ID_PATTERN } from '../../domain/order';
import { makeApiKey } from '../callers/api-key';
import { TENANT_PATTERN } from '../callers/caller';
import { scopeSchema, SCOPES } from '../callers/scopes';
import { limitSchema, listSchema, pageOf } from '../contract/lists';
import { givenMomentSchema, momentSchema } from '../contract/moments';
import { operation, type Operation } from '../contract/operation';
import { Problem } from '../http/problem';
import { singleLine } from '../http/text';

const MAX_NAME_LENGTH = 100;

const keyIdSchema = z.string().regex(/^key_[0-9a-z]{16}$/);
const tenantSchema = z.string().regex(TENANT_PATTERN, 'expected 1 to 63 of a-z, 0-9 and -');

const apiKeySchema = z
  .strictObject({
    object: z.literal('api_key'),
    id: keyIdSchema,
    tenant: z.string(),
    customerId: z.string().nullable().describe('Bound to this customer.'),
    name: z.string(),
    scopes: z.array(scopeSchema),
    createdBy: z.string(),
    createdAt: momentSchema,
    expiresAt: momentSchema.nullable(),
    revokedAt: momentSchema.nullable(),
    lastUsedAt: momentSchema.nullable().describe('Some seconds late.'),
  })
  .meta({ id: 'ApiKey' });

const createdSchema = apiKeySchema
  .extend({ key: z.string().describe('Shown now, and never again.') })
  .meta({ id: 'CreatedApiKey' });

const newKeySchema = z
  .strictObject({
    name: singleLine(MAX_NAME_LENGTH).describe('Whose it is: two live keys may share a name.'),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .max(SCOPES.length)
      .refine((scopes) => new Set(scopes).size === scopes.length, 'each scope once'),
    tenant: tenantSchema.optional().describe('Your own if it is not said.'),
    customerId: z
      .string()
      .regex(CUSTOMER_ID_PATTERN)
      .optional()
      .describe('Binds the key to a customer, whose only scope is `orders`.'),
    expiresAt: givenMomentSchema
      .refine((moment) => Date.parse(moment) > Date.now(), 'expected a moment that is to come')
      .optional(),
  })
  .refine(
    ({ customerId, scopes }) => customerId === undefined || scopes.every((one) => one === 'orders'),
    { path: ['scopes'], message: 'a key that is bound to a customer has the scope orders alone' },
  )
  .meta({ id: 'NewApiKey' });

const common = { tag: 'api keys', scopes: ['ops'] } as const;

/** Who may call. The operator's: of all tenants. */
export function apiKeyOperations({ db }: { db: Database }): Operation[] {
  return [creating(db), listing(db), revoking(db)];
}

function creating(db: Database): Operation {
  return operation({
    ...common,
    id: 'createApiKey',
    method: 'post',
    path: '/v1/api-keys',
    summary: 'Make an API key',
    description:
      'A second key of the same name is there to replace the first: deploy it, then revoke the first one.',
    body: newKeySchema,
    invalidBody: 'invalid-api-key',
    answers: { 201: { about: 'The key, this once.', body: createdSchema } },
    problems: ['too-many-api-keys'],
    async handle({ caller, body }) {
      const { id, key, secretHash } = makeApiKey();
      const saved = await saveApiKey(db, {
        ...{ id, secretHash, name: body.name, scopes: body.scopes, createdBy: caller.credential },
        tenant: body.tenant ?? caller.tenant,
        customerId: body.customerId ?? null,
        expiresAt: body.expiresAt === undefined ? null : new Date(body.expiresAt),
      });
      if (!saved) throw new Problem('too-many-api-keys');
      return { status: 201, body: { ...resource(saved), key } };
    },
  });
}

function listing(db: Database): Operation {
  return operation({
    ...common,
    id: 'listApiKeys',
    method: 'get',
    path: '/v1/api-keys',
    summary: 'List API keys, the latest first',
    query: z.strictObject({
      limit: limitSchema(),
      starting_after: keyIdSchema.optional(),
      tenant: tenantSchema.optional(),
    }),
    answers: { 200: { about: 'A page of keys.', body: listSchema(apiKeySchema) } },
    async handle({ query: { limit, starting_after: before, tenant } }) {
      // One more than asked for tells whether there are more.
      const found = await listApiKeys(db, {
        ...(before === undefined ? {} : { before }),
        ...(tenant === undefined ? {} : { tenant }),
        limit: limit + 1,
      });
      return { status: 200, body: pageOf(found, limit, resource) };
    },
  });
}

function revoking(db: Database): Operation {
  return operation({
    ...common,
    id: 'revokeApiKey',
    method: 'post',
    path: '/v1/api-keys/{id}/revoke',
    summary: 'Revoke an API key',
    description: 'No process accepts it any more after two seconds.',
    params: z.object({ id: keyIdSchema }),
    answers: { 200: { about: 'It is revoked.', body: apiKeySchema } },
    async handle({ caller, params: { id } }) {
      const revoked = await revokeApiKey(db, id, caller.credential);
      if (!revoked) throw new Problem('not-found', { detail: 'there is no such key' });
      return { status: 200, body: resource(revoked) };
    },
  });
}

function resource(key: ApiKey): z.infer<typeof apiKeySchema> {
  return {
    object: 'api_key',
    ...key,
    scopes: key.scopes as z.infer<typeof scopeSchema>[],
    createdAt: key.createdAt.toISOString(),
    expiresAt: key.expiresAt?.toISOString() ?? null,
    revokedAt: key.revokedAt?.toISOString() ?? null,
    lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  };
}

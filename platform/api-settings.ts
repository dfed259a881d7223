import { z } from 'zod';
import { list } from './list-setting';

/** More than any process answers is no limit. */
const MAX_REQUESTS = 10_000_000;

function requestsInTenSeconds(usual: number) {
  return z.coerce.number().int().min(1).max(MAX_REQUESTS).default(usual);
}

/** A day: orders that have waited longer have failed. */
const MAX_WAIT_SECONDS = 24 * 60 * 60;

/** What bounds the API, and who may call it. */
export const apiSettings = {
  CORS_ORIGINS: list
    .pipe(
      z.array(z.string().regex(/^https?:\/\/[^/*\s]+$/, 'expected https://host, without a path')),
    )
    .meta({ example: 'https://shop.example' })
    .describe(
      'Origins whose pages may call the API from a browser, comma-separated. None if empty.',
    ),
  TRUSTED_PROXIES: z.coerce
    .number()
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('How many proxies of yours stand in front of the API and say X-Forwarded-For.'),
  RATE_LIMIT_CALLER: requestsInTenSeconds(1_000).describe(
    'Requests in ten seconds with one API key, or of one subject of tokens.',
  ),
  RATE_LIMIT_ADDRESS: requestsInTenSeconds(2_000).describe(
    'Requests in ten seconds from one address.',
  ),
  BACKLOG_MAX_PENDING: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(10_000)
    .describe('No new orders are taken while more than this many are pending.'),
  BACKLOG_MAX_WAIT_SECONDS: z.coerce
    .number()
    .int()
    .min(1)
    .max(MAX_WAIT_SECONDS)
    .default(600)
    .describe('No new orders are taken while one has waited longer for its saga to begin.'),
  JWT_ISSUER: z
    .string()
    .min(1)
    .optional()
    .meta({ example: 'https://login.shop.example/' })
    .describe('Whose tokens (JWT) are accepted beside API keys. None if unset.'),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe('What tokens must be made for. Needed with JWT_ISSUER.'),
  JWT_JWKS_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Where the issuer's keys are. Needed with JWT_ISSUER."),
  JWT_TENANT_CLAIM: z
    .string()
    .min(1)
    .default('tenant')
    .describe('The claim that names the tenant.'),
  JWT_CUSTOMER_CLAIM: z
    .string()
    .min(1)
    .default('customer_id')
    .describe('The claim that binds a token to one customer.'),
  JWT_MAY_OPERATE: z
    .stringbool()
    .default(false)
    .describe('Whether the scope `ops` of a token counts: it is everything in every tenant.'),
} satisfies Record<string, z.ZodType>;

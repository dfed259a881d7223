import { z } from 'zod';
import type { WebhookEndpoint } from '../../db/webhook-endpoints';
import { parseTarget, TargetRefused, type TargetPolicy } from '../../domain/webhook-target';
import { ALL_EVENTS } from '../../events/all-events';
import { WebhookEndpointDisabled } from '../../events/webhook-endpoint-events';
import { momentSchema } from '../contract/moments';

/** Longer than any address of a server, shorter than what a URL may be anywhere. */
const MAX_URL_LENGTH = 2_048;
const MAX_DESCRIPTION_LENGTH = 200;
const MAX_EMAIL_LENGTH = 254;

/** The path's endpoint. */
export const endpointParams = z.object({
  id: z.string().regex(/^whe_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
});

/** That an endpoint is disabled is not told to endpoints. */
const TOLD = ALL_EVENTS.filter((event) => event !== WebhookEndpointDisabled);
const eventType = z.enum(TOLD.map(({ type }) => type) as [string, ...string[]]);

/** An endpoint for its owner. */
export const endpointSchema = z
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

/** The same with its secret. */
export const registeredSchema = endpointSchema
  .extend({ secret: z.string().describe('Shown now, and never again.') })
  .meta({ id: 'RegisteredWebhookEndpoint' });

/** A secret that replaces another. */
export const rotatedSchema = z
  .strictObject({
    object: z.literal('webhook_secret'),
    secret: z.string().describe('Shown now, and never again.'),
    oldSecretExpiresAt: momentSchema,
  })
  .meta({ id: 'WebhookSecret' });

/** What is registered; an address that is not allowed is refused here already. */
export function newEndpointSchema(policy: TargetPolicy) {
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

/** See {@link endpointSchema}. */
export function endpointResource(endpoint: WebhookEndpoint): z.infer<typeof endpointSchema> {
  const { eventTypes, disabledAt, createdAt } = endpoint;
  return {
    object: 'webhook_endpoint',
    ...endpoint,
    eventTypes: eventTypes && [...eventTypes],
    disabledAt: disabledAt?.toISOString() ?? null,
    createdAt: createdAt.toISOString(),
  };
}

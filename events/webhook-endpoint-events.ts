import { z } from 'zod';
import { defineEvent } from './envelope';

/** An endpoint of a customer got nothing for too long, or said that it is gone: nothing is sent now. */
export const WebhookEndpointDisabled = defineEvent(
  'WebhookEndpointDisabled',
  'shop.webhook-endpoint.disabled.v1',
  z.looseObject({
    endpointId: z.string().min(1),
    url: z.string().min(1),
    /** `gone` (it answered 410) or `failing` (nothing was taken for three days). */
    reason: z.string().min(1),
    /** Whom to tell: a JWE, as in OrderCreated. */
    sealed: z.string().min(1),
  }),
);

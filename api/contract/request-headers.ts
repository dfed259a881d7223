import { z } from 'zod';
import { MAX_KEY_LENGTH, MAX_WAIT_SECONDS } from '../http/request-headers';

/** For operations that happen once a key. */
export const idempotencyHeaders = {
  'Idempotency-Key': z
    .string()
    .regex(/^[\x21-\x7e]+$/)
    .min(1)
    .max(MAX_KEY_LENGTH)
    .describe('Yours to choose; kept for 48 hours (draft-ietf-httpapi-idempotency-key-header).'),
};

/** For operations whose outcome can be waited for. */
export const preferHeaders = {
  Prefer: z
    .string()
    .optional()
    .describe(`\`wait=N\`: wait up to N seconds, at most ${MAX_WAIT_SECONDS} (RFC 7240).`),
};

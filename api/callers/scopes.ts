import { z } from 'zod';

/** What a key or a token may be good for. */
export const SCOPES = ['orders', 'catalogue', 'webhooks', 'ops'] as const;

/** One of {@link SCOPES}. */
export const scopeSchema = z.enum(SCOPES);
export type Scope = z.infer<typeof scopeSchema>;

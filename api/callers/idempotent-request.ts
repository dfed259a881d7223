import { createHash } from 'node:crypto';
import type { IdempotentRequest } from '../../db/placement';
import { canonicalJson } from '../../events/canonical-json';
import { keyOwner, type Caller } from './caller';

/** A caller's key with what it was sent with, as it is compared with that of a repeat. */
export function idempotentRequest(
  caller: Pick<Caller, 'tenant' | 'customerId'>,
  key: string,
  body: object,
): IdempotentRequest {
  const bodyHash = createHash('sha256').update(canonicalJson(body)).digest('base64url');
  return { caller: keyOwner(caller), key, bodyHash };
}

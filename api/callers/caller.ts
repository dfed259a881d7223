import type { Owner } from '../../db/owner';
import type { Scope } from './scopes';

/** Who owns orders, keys and endpoints: a name that is also part of an idempotency key's caller. */
export const TENANT_PATTERN = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** Who calls, and what they may. Reads and writes only what its {@link Owner} part owns. */
export interface Caller extends Owner {
  readonly scopes: readonly Scope[];
  /** By which key or token, for the record and for its share of the requests. */
  readonly credential: string;
}

/** Whose idempotency keys these are: a customer's own are not those of the tenant's shop. */
export function keyOwner({ tenant, customerId }: Owner): string {
  return customerId === undefined ? tenant : `${tenant}/${customerId}`;
}

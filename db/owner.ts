/** Whose orders: all of a tenant's, or only those of one of its customers. */
export interface Owner {
  readonly tenant: string;
  readonly customerId?: string | undefined;
}

/** The columns that an owner's orders have, for a WHERE: nothing is read or changed without them. */
export function owned({ tenant, customerId }: Owner) {
  return customerId === undefined ? { tenant } : { tenant, customer_id: customerId };
}

import { randomUUID } from 'node:crypto';
import { sql, type RawBuilder } from 'kysely';
import type { Database } from './database';

/** The secret before a rotation stays valid this long, so that receivers can change over. */
const OLD_SECRET_LIVES = sql`interval '24 hours'`;

/** Each of them signs every delivery; more would fill the header. */
const MAX_LIVE_SECRETS = 5;

/** A webhook endpoint as its owner sees it. */
export interface WebhookEndpoint {
  readonly id: string;
  readonly url: string;
  /** Null: all event types. */
  readonly eventTypes: readonly string[] | null;
  readonly description: string;
  readonly state: 'enabled' | 'disabled';
  /** `gone` or `failing`, null unless it was disabled. */
  readonly disabledReason: string | null;
  readonly disabledAt: Date | null;
  readonly createdAt: Date;
}

const COLUMNS = sql`
  endpoint_id as id, url, event_types as "eventTypes", description, state,
  disabled_reason as "disabledReason", disabled_at as "disabledAt", created_at as "createdAt"`;

/** What is registered; the contact and the secret are sealed. */
export interface NewEndpoint {
  readonly url: string;
  readonly eventTypes: readonly string[] | null;
  readonly description: string;
  readonly contactSealed: string;
  readonly secretSealed: string;
}

/** Registers an endpoint; undefined when the tenant has `limit` already. */
export async function registerEndpoint(
  db: Database,
  tenant: string,
  endpoint: NewEndpoint,
  limit: number,
): Promise<WebhookEndpoint | undefined> {
  const { url, eventTypes, description, contactSealed, secretSealed } = endpoint;
  return db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${`webhooks ${tenant}`}, 0))`.execute(
      tx,
    );
    const { rows } = await sql<WebhookEndpoint>`
      insert into webhooks.endpoints
        (endpoint_id, tenant, url, event_types, description, contact_sealed)
      select ${`whe_${randomUUID()}`}, ${tenant}, ${url}, ${eventTypes}::text[], ${description},
             ${contactSealed}
      where (select count(*) from webhooks.endpoints
             where tenant = ${tenant} and state <> 'deleted') < ${limit}
      returning ${COLUMNS}`.execute(tx);
    const [registered] = rows;
    if (!registered) return undefined;
    await sql`
      insert into webhooks.secrets (endpoint_id, secret_sealed)
      values (${registered.id}, ${secretSealed})`.execute(tx);
    return registered;
  });
}

/** The tenant's endpoints, the oldest first. */
export async function listEndpoints(db: Database, tenant: string): Promise<WebhookEndpoint[]> {
  const { rows } = await sql<WebhookEndpoint>`
    select ${COLUMNS} from webhooks.endpoints
    where tenant = ${tenant} and state <> 'deleted' order by created_at, endpoint_id`.execute(db);
  return rows;
}

/** Undefined when the tenant has no such endpoint. */
export async function findEndpoint(
  db: Database,
  tenant: string,
  id: string,
): Promise<WebhookEndpoint | undefined> {
  const { rows } = await sql<WebhookEndpoint>`
    select ${COLUMNS} from webhooks.endpoints where ${isOwn(tenant, id)}`.execute(db);
  return rows[0];
}

/** Sends to it again, from now on and what waited meanwhile. */
export async function enableEndpoint(
  db: Database,
  tenant: string,
  id: string,
): Promise<WebhookEndpoint | undefined> {
  const { rows } = await sql<WebhookEndpoint>`
    update webhooks.endpoints set state = 'enabled', disabled_at = null, disabled_reason = null,
           failing_since = null
    where ${isOwn(tenant, id)} returning ${COLUMNS}`.execute(db);
  return rows[0];
}

/** Nothing is sent to it any more; its log stays until it is forgotten. False without it. */
export async function deleteEndpoint(db: Database, tenant: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    update webhooks.endpoints set state = 'deleted', disabled_at = null, disabled_reason = null
    where ${isOwn(tenant, id)} returning 1`.execute(db);
  return rows.length > 0;
}

/** Makes this the secret; those before live on for a day each. Undefined without the endpoint. */
export async function rotateSecret(
  db: Database,
  tenant: string,
  { id, secretSealed }: { id: string; secretSealed: string },
): Promise<{ oldExpiresAt: Date } | undefined> {
  return db.transaction().execute(async (tx) => {
    const { rows: own } = await sql`
      select 1 from webhooks.endpoints where ${isOwn(tenant, id)} for update`.execute(tx);
    if (own.length === 0) return undefined;
    // The latest few stay live, each for its day: a rotation whose answer was lost is asked for again,
    // and the receiver knows only the secret before.
    await sql`
      delete from webhooks.secrets
      where endpoint_id = ${id} and expires_at is not null and (expires_at < now() or secret_id not in (
        select secret_id from webhooks.secrets where endpoint_id = ${id}
        order by secret_id desc limit ${MAX_LIVE_SECRETS - 1}))`.execute(tx);
    const { rows } = await sql<{ oldExpiresAt: Date }>`
      update webhooks.secrets set expires_at = now() + ${OLD_SECRET_LIVES}
      where endpoint_id = ${id} and expires_at is null returning expires_at as "oldExpiresAt"`.execute(
      tx,
    );
    await sql`
      insert into webhooks.secrets (endpoint_id, secret_sealed)
      values (${id}, ${secretSealed})`.execute(tx);
    return rows[0]!;
  });
}

/** An entry of the delivery log. */
export interface WebhookDelivery {
  readonly id: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly state: 'pending' | 'sending' | 'delivered' | 'failed';
  readonly plannedAt: Date;
  readonly nextAttemptAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly attempts: readonly {
    readonly at: string;
    readonly status: number | null;
    readonly error: string | null;
    readonly durationMs: number;
  }[];
}

/** Deliveries to an endpoint with every attempt, the latest first; before an id, to page on. */
export async function listDeliveries(
  db: Database,
  { endpointId, state, before, limit }: DeliveryQuery,
): Promise<WebhookDelivery[]> {
  const { rows } = await sql<WebhookDelivery>`
    select delivery_id as id, event_id as "eventId", event_type as "eventType", state,
      planned_at as "plannedAt", delivered_at as "deliveredAt",
      case when state = 'pending' then due_at end as "nextAttemptAt",
      (select coalesce(jsonb_agg(jsonb_build_object('at', at, 'status', status, 'error', error,
         'durationMs', duration_ms) order by attempt), '[]')
       from webhooks.attempts where attempts.delivery_id = deliveries.delivery_id) as attempts
    from webhooks.deliveries
    where endpoint_id = ${endpointId} and (${state ?? null}::text is null or state = ${state ?? null})
      and (${before ?? null}::bigint is null or delivery_id < ${before ?? null})
    order by delivery_id desc limit ${limit}`.execute(db);
  return rows;
}

/** Which deliveries. */
export interface DeliveryQuery {
  readonly endpointId: string;
  readonly state?: string | undefined;
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Sends a delivery again, under the same webhook-id. False when the endpoint has no such delivery. */
export async function redeliver(db: Database, endpointId: string, id: number): Promise<boolean> {
  const { rows } = await sql`
    update webhooks.deliveries
    set state = case when state = 'sending' then state else 'pending' end, retries = 0,
        due_at = case when state = 'sending' then due_at else now() end,
        gives_up_at = now() + interval '72 hours', delivered_at = null
    where endpoint_id = ${endpointId} and delivery_id = ${id} returning 1`.execute(db);
  return rows.length > 0;
}

function isOwn(tenant: string, id: string): RawBuilder<unknown> {
  return sql`endpoint_id = ${id} and tenant = ${tenant} and state <> 'deleted'`;
}

import type { RuntimeSchema } from '../../db/consumers/tables';

/** Where a delivery stands. */
type DeliveryState = 'pending' | 'sending' | 'delivered' | 'failed';

/** The tables of the consumer `webhooks`, beside the runtime's. */
export interface WebhooksSchema extends RuntimeSchema {
  endpoints: {
    endpoint_id: string;
    url: string;
    /** Null: all. */
    event_types: string[] | null;
    state: 'enabled' | 'disabled' | 'deleted';
    disabled_reason: string | null;
    disabled_at: Date | null;
    /** Nothing was taken since then. */
    failing_since: Date | null;
    contact_sealed: string;
  };
  secrets: { endpoint_id: string; secret_sealed: string; expires_at: Date | null };
  deliveries: {
    delivery_id: number;
    endpoint_id: string;
    event_id: string;
    state: DeliveryState;
    attempts: number;
    retries: number;
    delivered_at: Date | null;
    due_at: Date;
    gives_up_at: Date;
  };
  attempts: {
    delivery_id: number;
    attempt: number;
    status: number | null;
    error: string | null;
    duration_ms: number;
    answer: string | null;
  };
}

/** The same as SQL. The API registers endpoints and shows deliveries; only the consumer sends. */
export const WEBHOOKS_TABLES = `
  create table endpoints (
    endpoint_id text primary key,
    caller text not null,
    url text not null,
    event_types text[],
    description text not null default '',
    contact_sealed text not null,
    state text not null default 'enabled' check (state in ('enabled', 'disabled', 'deleted')),
    disabled_reason text,
    disabled_at timestamptz,
    failing_since timestamptz,
    created_at timestamptz not null default now(),
    check ((state = 'disabled') = (disabled_at is not null))
  );
  create index endpoints_by_caller on endpoints (caller, endpoint_id) where state <> 'deleted';

  -- One that never expires, and while it is rotated the one before.
  create table secrets (
    secret_id bigint generated always as identity primary key,
    endpoint_id text not null references endpoints,
    secret_sealed text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz
  );
  create unique index secrets_current on secrets (endpoint_id) where expires_at is null;
  create index secrets_by_endpoint on secrets (endpoint_id);

  create table deliveries (
    delivery_id bigint generated always as identity primary key,
    endpoint_id text not null references endpoints,
    event_id text not null,
    event_type text not null,
    -- the very text that is signed and sent
    body text not null,
    state text not null default 'pending'
      check (state in ('pending', 'sending', 'delivered', 'failed')),
    attempts integer not null default 0,
    -- attempts since it was planned, or asked for again
    retries integer not null default 0,
    planned_at timestamptz not null default now(),
    due_at timestamptz not null default now(),
    gives_up_at timestamptz not null default now() + interval '72 hours',
    delivered_at timestamptz,
    unique (endpoint_id, event_id),
    check (state <> 'delivered' or delivered_at is not null)
  );
  create index deliveries_due on deliveries (endpoint_id, due_at)
    where state in ('pending', 'sending');
  create index deliveries_planned on deliveries using brin (planned_at);

  create table attempts (
    delivery_id bigint not null references deliveries on delete cascade,
    attempt integer not null,
    at timestamptz not null default now(),
    status integer,
    error text,
    duration_ms integer not null,
    answer text,
    primary key (delivery_id, attempt)
  );

  grant usage on schema webhooks to tandem_orders;
  grant select, insert, update on endpoints to tandem_orders;
  grant select, insert, update, delete on secrets to tandem_orders;
  grant select, update on deliveries to tandem_orders;
  grant select on attempts to tandem_orders;
  grant usage on all sequences in schema webhooks to tandem_orders;`;

/** What a busy endpoint, and a long log, are looked up by. */
export const WEBHOOKS_INDEXES = `
  create index deliveries_sending on deliveries (endpoint_id) where state = 'sending';
  create index deliveries_by_endpoint on deliveries (endpoint_id, state, delivery_id);
  grant delete on deliveries to tandem_orders;`;

/** Whose endpoints are told: those of the tenant that owns the order. */
export const WEBHOOKS_TENANTS = `
  alter table endpoints rename column caller to tenant;
  alter index endpoints_by_caller rename to endpoints_by_tenant;`;

/** What became of one event, for who looks at its order. */
export const WEBHOOKS_BY_EVENT = `
  create index deliveries_by_event on deliveries (event_id);`;

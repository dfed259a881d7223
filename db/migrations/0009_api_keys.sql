-- Who may call the API. The key itself is shown once and kept nowhere; of it there is a hash.
create schema access;

create table access.api_keys (
  key_id text primary key check (key_id ~ '^key_[0-9a-z]{16}$'),
  tenant text not null check (tenant ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  -- bound to this customer of the tenant, and to his orders
  customer_id text,
  -- two live keys may share a name, so that one replaces the other
  name text not null check (length(name) between 1 and 100),
  scopes text[] not null check (
    cardinality(scopes) > 0 and scopes <@ array['orders', 'catalogue', 'webhooks', 'ops']),
  -- SHA-256 of the whole key, which has 256 random bits
  secret_hash bytea not null check (length(secret_hash) = 32),
  created_by text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  -- to the minute
  last_used_at timestamptz,
  check (customer_id is null or scopes = array['orders']),
  check (num_nulls(revoked_at, revoked_by) in (0, 2))
);
create index api_keys_live on access.api_keys (tenant, name) where revoked_at is null;

grant usage on schema access to tandem_orders;
grant select, insert, update on access.api_keys to tandem_orders;

create schema orders;

create table orders.orders (
  order_id text primary key check (order_id ~ '^ord_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'),
  caller text not null,
  customer_id text not null,
  customer_email text not null,
  customer_name text,
  payment_method text not null,
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  total_minor bigint not null check (total_minor > 0),
  status text not null default 'pending'
    check (status in ('pending', 'confirmed', 'rejected', 'cancelled', 'failed')),
  payment_status text not null default 'none'
    check (payment_status in ('none', 'authorized', 'captured', 'refunded', 'voided')),
  fulfilment_status text not null default 'none'
    check (fulfilment_status in ('none', 'requested', 'shipped', 'stopped')),
  -- why it was rejected, cancelled or failed
  outcome_code text check (status in ('pending', 'confirmed') or outcome_code is not null),
  -- what a person has to finish, in words
  needs_attention text[] not null default '{}',
  journal_sequence integer not null default 0,
  event_sequence integer not null default 0,
  traceparent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  saga_started_at timestamptz
);

-- what the start sweep looks for
create index orders_without_saga on orders.orders (created_at)
  where status = 'pending' and saga_started_at is null;

create table orders.order_lines (
  order_id text not null references orders.orders,
  line_number integer not null check (line_number > 0),
  sku text not null,
  quantity integer not null check (quantity > 0),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  primary key (order_id, line_number)
);

-- The last line of defence against a status that goes back; the pairs stand in domain/order.ts too,
-- and a test holds the two lists against each other.
create function orders.guard_status() returns trigger language plpgsql as $$
declare
  allowed constant text[] := array[
    'status:pending>confirmed', 'status:pending>rejected', 'status:pending>cancelled',
    'status:pending>failed', 'status:confirmed>cancelled',
    'payment:none>authorized', 'payment:authorized>captured', 'payment:authorized>voided',
    'payment:captured>refunded',
    'fulfilment:none>requested', 'fulfilment:requested>shipped', 'fulfilment:requested>stopped'];
  change text;
begin
  foreach change in array array[
    'status:' || old.status || '>' || new.status,
    'payment:' || old.payment_status || '>' || new.payment_status,
    'fulfilment:' || old.fulfilment_status || '>' || new.fulfilment_status]
  loop
    if split_part(split_part(change, ':', 2), '>', 1) <> split_part(change, '>', 2)
       and change <> all (allowed) then
      raise exception 'order % must not change %', old.order_id, change
        using errcode = 'check_violation';
    end if;
  end loop;
  return new;
end $$;

create trigger guard_status before update on orders.orders
  for each row execute function orders.guard_status();

create table orders.idempotency_keys (
  caller text not null,
  key text not null check (length(key) between 1 and 255),
  body_hash text not null,
  order_id text not null references orders.orders deferrable initially deferred,
  -- what the first request was told, and what the first that waited for the end was told
  accepted_answer json,
  outcome_answer json,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  primary key (caller, key)
);
create index idempotency_keys_expiry on orders.idempotency_keys (expires_at);

-- Every change of an order and every event about it, in the transaction that made it true.
create table orders.journal (
  journal_id bigint generated always as identity primary key,
  order_id text not null references orders.orders,
  sequence integer not null check (sequence > 0),
  name text not null,
  detail jsonb not null default '{}',
  recorded_at timestamptz not null default now(),
  -- an event's own part; the body is the exact text that is published
  event_id text unique,
  event_type text,
  event_sequence integer check (event_sequence > 0),
  event_body text,
  stream_id text,
  published_at timestamptz,
  unique (order_id, sequence),
  unique (order_id, event_sequence),
  check (num_nulls(event_id, event_type, event_sequence, event_body) in (0, 4)),
  check (stream_id is null or event_id is not null),
  check ((stream_id is null) = (published_at is null))
);
create index journal_unpublished on orders.journal (journal_id)
  where event_id is not null and stream_id is null;

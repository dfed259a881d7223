create schema payments;

-- One an order, written before the provider is called. A voided one stays as a tombstone.
create table payments.payments (
  order_id text primary key,
  amount_minor bigint not null check (amount_minor >= 0),
  currency text not null,
  state text not null check (state in ('authorizing', 'authorized', 'declined', 'voided', 'captured')),
  -- the provider's id of the payment intent, once known
  intent_id text unique,
  decline_code text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  check (state not in ('authorized', 'captured') or intent_id is not null)
);

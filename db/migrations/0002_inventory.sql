create schema inventory;

create table inventory.products (
  sku text primary key check (sku ~ '^[A-Z0-9][A-Z0-9-]{0,63}$'),
  name text not null check (length(name) between 1 and 200),
  unit_price_minor bigint not null check (unit_price_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$')
);

create table inventory.stock (
  sku text primary key references inventory.products,
  on_hand integer not null check (on_hand >= 0),
  reserved integer not null default 0 check (reserved between 0 and on_hand)
);

-- One an order. A released hold stays as a tombstone: a reserve that arrives late finds it.
create table inventory.holds (
  order_id text primary key,
  state text not null check (state in ('held', 'committed', 'released')),
  created_at timestamptz not null default now(),
  settled_at timestamptz check ((state = 'held') = (settled_at is null))
);
create index holds_held on inventory.holds (created_at) where state = 'held';

create table inventory.hold_lines (
  order_id text not null references inventory.holds,
  sku text not null references inventory.stock,
  quantity integer not null check (quantity > 0),
  primary key (order_id, sku)
);

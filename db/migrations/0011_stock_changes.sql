alter table inventory.products add column low_stock_threshold integer not null default 0
  check (low_stock_threshold >= 0);

-- Every change of stock that is no sale: who, why, and what was on the shelf then.
create table inventory.stock_changes (
  change_id bigint generated always as identity primary key,
  sku text not null references inventory.stock,
  kind text not null check (kind in ('adjust', 'set')),
  delta integer not null,
  on_hand integer not null,
  reason text not null check (length(reason) between 1 and 200),
  changed_by text not null,
  recorded_at timestamptz not null default now(),
  -- a repeat of the request is no second change
  caller text not null,
  key text not null,
  body_hash text not null,
  unique (caller, key)
);
create index stock_changes_by_sku on inventory.stock_changes (sku, change_id);

grant select, insert on inventory.stock_changes to tandem_orders;

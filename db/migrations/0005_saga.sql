-- The placement's fence: once it is set the order can never be confirmed, whoever still tries.
alter table orders.orders add column abandoned_at timestamptz;
-- As what it is going to end, and why: decided once, whatever a later attempt finds undone already.
alter table orders.orders add column abandoned_as text
  check (abandoned_as in ('rejected', 'cancelled', 'failed'));
alter table orders.orders add column abandoned_code text
  check (num_nulls(abandoned_at, abandoned_as, abandoned_code) in (0, 3));
-- Somebody wants the order called off. Before the confirmation it bars it, afterwards it is what
-- the saga workers look for.
alter table orders.orders add column cancel_requested_at timestamptz;
-- When a saga worker has handed the wish on to Temporal.
alter table orders.orders add column cancel_relayed_at timestamptz;
-- saga_started_at: when a saga worker took it to start its saga, the last time
drop index orders.orders_without_saga;
create index orders_to_start on orders.orders (created_at) where status = 'pending';
-- What the first request was told follows from the order itself.
alter table orders.idempotency_keys drop column accepted_answer;
alter table orders.orders add constraint never_confirmed_when_abandoned
  check (status <> 'confirmed' or abandoned_at is null);

create index orders_with_cancel_request on orders.orders (cancel_requested_at)
  where cancel_requested_at is not null and cancel_relayed_at is null;
create index orders_needing_attention on orders.orders (updated_at)
  where needs_attention <> '{}';

-- 'returned': the stock of a confirmed order that was cancelled is back on the shelf.
alter table inventory.holds drop constraint holds_state_check;
alter table inventory.holds add constraint holds_state_check
  check (state in ('held', 'committed', 'released', 'returned'));

alter table payments.payments drop constraint payments_state_check;
alter table payments.payments add constraint payments_state_check
  check (state in ('authorizing', 'authorized', 'declined', 'voided', 'captured', 'refunded'));

-- What the provider told us by its webhook, as it came; once an event id.
create table payments.webhook_events (
  webhook_event_id text primary key check (length(webhook_event_id) between 1 and 255),
  event_type text not null,
  intent_id text,
  received_at timestamptz not null default now(),
  -- when it was compared with what we know, and what came of it
  settled_at timestamptz,
  attempts integer not null default 0,
  due_at timestamptz not null default now(),
  result text
);
create index webhook_events_unsettled on payments.webhook_events (due_at)
  where settled_at is null;

grant select, insert, update on all tables in schema orders, inventory, payments to tandem_orders;

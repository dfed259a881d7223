-- What the saga workers tried for an order, attempt by attempt: for people, kept longer than Temporal keeps
-- its histories. Written beside the work and best-effort; nothing is ever decided by it.
create table orders.saga_attempts (
  order_id text not null,
  workflow_id text not null,
  activity text not null,
  attempt integer not null check (attempt > 0),
  started_at timestamptz not null,
  took_ms integer not null check (took_ms >= 0),
  outcome text not null check (outcome in ('completed', 'refused', 'failed', 'cancelled')),
  -- what it was about, where one activity serves several steps: an event's id
  subject text,
  error text
);
create index saga_attempts_by_order on orders.saga_attempts (order_id, started_at);
-- No BRIN: the oldest are deleted, their pages reused, and every range would soon begin long ago.
create index saga_attempts_by_age on orders.saga_attempts (started_at);
-- What the plots read, each second the last of it: a BRIN's tail would be read whole until it is
-- summarized.
create index journal_outcomes on orders.journal (recorded_at)
  where name in ('OrderPlaced', 'OrderCreated', 'OrderRejected', 'OrderFailed', 'OrderCancelled');

-- The request that placed the order, for whoever follows it back to a log.
alter table orders.orders add column request_id text check (length(request_id) <= 64);

-- What people changed, who they were and why, by whichever door they came.

create table ops.audit (
  audit_id bigint generated always as identity primary key,
  begun_at timestamptz not null default now(),
  by text not null check (length(by) between 1 and 200),
  via text not null check (via in ('cli', 'api')),
  command text not null,
  words text[] not null,
  options jsonb not null,
  -- none: it was begun, and nobody has heard how it ended
  ended_at timestamptz,
  outcome text check (outcome in ('done', 'refused', 'failed')),
  said text,
  check ((ended_at is null) = (outcome is null))
);

grant usage on schema ops to tandem_orders;
grant select, insert on ops.audit to tandem_orders;
grant update (ended_at, outcome, said) on ops.audit to tandem_orders;
grant select, insert, delete on orders.saga_attempts to tandem_orders;

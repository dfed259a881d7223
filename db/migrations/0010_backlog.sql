-- What waits in Temporal's task queues, as the saga workers see it; worth nothing after a crash.
create unlogged table orders.task_queue_backlog (
  task_queue text primary key,
  tasks bigint not null,
  oldest_seconds double precision not null,
  seen_at timestamptz not null default now()
);
grant select, insert, update on orders.task_queue_backlog to tandem_orders;

-- Orders whose saga nobody has begun, the oldest first.
create index orders_not_begun on orders.orders (created_at)
  where status = 'pending' and saga_started_at is null;

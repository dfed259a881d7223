-- A role a service: api and saga-worker enter tandem_orders, and no consumer does.
do $$ begin
  create role tandem_orders nologin;
exception when duplicate_object or unique_violation then null;
end $$;

do $$ begin
  execute format('grant tandem_orders to %I', current_user);
exception when others then
  -- a superuser needs no grant, and two suites on one cluster may grant at once
  if sqlstate not in ('0LP01', 'XX000') then raise; end if;
end $$;

grant usage on schema orders, inventory, payments to tandem_orders;
grant select, insert, update on all tables in schema orders, inventory, payments to tandem_orders;
grant delete on orders.idempotency_keys to tandem_orders;
grant usage on all sequences in schema orders to tandem_orders;

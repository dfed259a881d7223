-- Every event there ever was, for replay: read by consumers' processes, which see nothing else here.
do $$ begin
  create role tandem_archive nologin;
exception
  when duplicate_object or unique_violation then null;
end $$;
do $$ begin
  execute format('grant tandem_archive to %I', current_user);
exception
  -- a superuser needs no grant, and two suites on one cluster may grant at once
  when others then null;
end $$;

create index journal_recorded_at on orders.journal using brin (recorded_at);

create schema archive;

-- The partition's stream, as events/streams.ts computes it (a test compares the two).
create function archive.stream_of(key text) returns text language sql immutable parallel safe as $$
  select 'shop:{orders:'
    || (('x' || substr(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 1, 8))::bit(32)::bigint % 8)
    || '}:events'
$$;

-- The groups whose work holds the streams' trimming back.
create table archive.consumer_groups (
  group_name text primary key,
  registered_at timestamptz not null default now()
);

grant usage on schema archive, orders to tandem_archive;
grant select on archive.consumer_groups to tandem_archive;
grant select (journal_id, order_id, event_id, event_type, event_sequence, event_body, stream_id,
  published_at, recorded_at) on orders.journal to tandem_archive;

-- What waits behind an earlier one of its key is not due, whatever its time says: looking for what is
-- due costs as much as there is due, not as much as is parked.
alter table parked add column is_behind boolean not null default false;
update parked set is_behind = true
where key <> '' and exists (
  select from parked earlier where earlier.key = parked.key and earlier.parked_id < parked.parked_id);

drop index parked_due;
create index parked_due on parked (stream, is_behind, due_at, parked_id) where starts = 0;
create index parked_begun on parked (stream) where starts > 0;

-- In triggers, because whoever deletes the first of a key, in whatever version, must wake the next.
-- Without sequential scans, because a session keeps its plan from when hardly anything was parked.
create function wait_behind() returns trigger language plpgsql
set search_path from current set enable_seqscan = off as $$
begin
  -- Locked: either the one before waits until it is known who follows, or its end is waited for.
  perform from parked where key = new.key and parked_id < new.parked_id
  order by parked_id desc limit 1 for key share;
  new.is_behind := found;
  return new;
end $$;
create trigger wait_behind before insert on parked
for each row when (new.key <> '') execute function wait_behind();

create function wake_next() returns trigger language plpgsql
set search_path from current set enable_seqscan = off as $$
begin
  loop
    update parked set is_behind = false
    where key = old.key and parked_id = (
      select parked_id from parked where key = old.key order by parked_id limit 1);
    -- One that is gone meanwhile was behind, and has woken nobody.
    exit when found or not exists (select from parked where key = old.key);
  end loop;
  return null;
end $$;
create trigger wake_next after delete on parked
for each row when (old.key <> '' and not old.is_behind) execute function wake_next();

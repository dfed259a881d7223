-- A refill reads what a stream lost: events that count as live, before anything that came later.
alter table replays
  drop constraint replays_mode_check,
  add check (mode in ('fill', 'rebuild', 'refill'));

-- The server that had the stream when its owner last looked: another may lack the latest entries.
-- Null until the partition had its first owner.
alter table leases
  add column server_id text,
  add column began_at timestamptz not null default now();

-- Which event it is, so that one that is parked or given up is not taken from the archive beside it.
alter table parked add column event_id text;
update parked set event_id = fields::json ->> 'id';
create index parked_by_event on parked (event_id);
create index dead_letters_by_event on dead_letters (event_id) where state <> 'redriven';

-- Pages begun and not yet advanced from: an event of one that was begun before may end its processes.
alter table replay_cursors add column begun integer not null default 0;

create table inbox (
  event_id text primary key,
  event_type text not null,
  -- what the reaction did, in its own words
  effect jsonb,
  handled_at timestamptz not null default now()
);

create table parked (
  stream text not null,
  entry_id text not null,
  -- the entry's fields as JSON, unchanged
  fields text not null,
  attempts integer not null check (attempts > 0),
  last_error text not null,
  parked_at timestamptz not null default now(),
  due_at timestamptz not null,
  primary key (stream, entry_id)
);
create index parked_due on parked (due_at);

create table dead_letters (
  dead_letter_id bigint generated always as identity primary key,
  stream text not null,
  entry_id text not null,
  fields text not null,
  reason text not null
    check (reason in ('undecodable', 'attempts_exhausted', 'crashes_exhausted')),
  attempts integer not null,
  error text not null,
  died_at timestamptz not null default now(),
  unique (stream, entry_id)
);

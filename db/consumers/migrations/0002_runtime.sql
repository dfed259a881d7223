-- The number of who owns a partition: raised when the owner changes, shared by each transaction
-- that writes an effect, so that no effect of an earlier owner can be committed after that.
create table partitions (
  stream text primary key,
  token bigint not null default 0
);

-- Apart from the token, because it is written all the time.
create table leases (
  stream text primary key references partitions,
  member text,
  expires_at timestamptz not null default '-infinity',
  is_handed_back boolean not null default true,
  -- every entry up to this one is settled
  position text not null default '0-0'
);

create table members (
  member text primary key,
  started_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  health jsonb not null default '{}'
);

create table group_state (
  only_row boolean primary key default true check (only_row),
  paused_at timestamptz,
  paused_by text,
  paused_why text,
  is_backfilled boolean not null default false
);
insert into group_state default values;

alter table parked
  add column parked_id bigint generated always as identity,
  add column key text not null default '',
  -- begun since its last failure: one that ends its processes never fails
  add column starts integer not null default 0,
  add column history jsonb not null default '[]',
  add column dead_letter_id bigint,
  add column is_replay boolean not null default false,
  alter column last_error drop not null,
  drop constraint parked_attempts_check,
  add check (attempts >= 0);
create index parked_by_key on parked (key, parked_id);
create index parked_by_dead_letter on parked (dead_letter_id) where dead_letter_id is not null;

alter table dead_letters
  add column event_id text,
  add column event_type text,
  add column key text not null default '',
  add column error_class text not null default '',
  add column fingerprint text not null default '',
  add column history jsonb not null default '[]',
  add column state text not null default 'dead'
    check (state in ('dead', 'redriving', 'redriven', 'discarded')),
  add column redrives integer not null default 0,
  add column redrive_id bigint,
  add column original_fields text,
  add column edited_by text,
  add column settled_at timestamptz,
  add column settled_by text,
  add column settled_why text,
  drop constraint dead_letters_reason_check,
  add check (reason in ('undecodable', 'never_retry', 'attempts_exhausted', 'time_exhausted',
                        'crashes_exhausted', 'lost'));
create index dead_letters_open on dead_letters (fingerprint) where state in ('dead', 'redriving');
create index dead_letters_by_redrive on dead_letters (redrive_id) where redrive_id is not null;

create table redrives (
  redrive_id bigint generated always as identity primary key,
  state text not null check (state in ('canary', 'running', 'done', 'cancelled', 'stopped')),
  rate_per_second real not null check (rate_per_second > 0),
  started_by text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);

-- Begun after its owner had died, and not yet settled: it may be what ended that owner.
create table crash_counts (
  stream text not null,
  entry_id text not null,
  starts integer not null,
  primary key (stream, entry_id)
);

create table replays (
  replay_id bigint generated always as identity primary key,
  mode text not null check (mode in ('fill', 'rebuild')),
  from_time timestamptz,
  to_time timestamptz not null,
  event_types text[],
  key text,
  rate_per_second real check (rate_per_second > 0),
  holds_live boolean not null,
  state text not null default 'running' check (state in ('running', 'done', 'cancelled')),
  started_by text not null,
  started_at timestamptz not null default now(),
  ended_at timestamptz
);
create table replay_cursors (
  replay_id bigint not null references replays,
  stream text not null,
  cursor text not null default '',
  read integer not null default 0,
  is_done boolean not null default false,
  primary key (replay_id, stream)
);

-- What the stream no longer had when it was to be handled.
create table losses (
  stream text not null,
  first_id text not null,
  last_id text not null,
  found_at timestamptz not null default now(),
  replay_id bigint references replays,
  primary key (stream, first_id)
);

-- Follow-up events, in the transaction of the effect that they tell of.
create table outbox (
  outbox_id bigint generated always as identity primary key,
  event_id text not null unique,
  event_type text not null,
  key text not null,
  sequence integer not null check (sequence > 0),
  stream text not null,
  body text not null,
  recorded_at timestamptz not null default now(),
  stream_id text,
  published_at timestamptz,
  unique (key, sequence),
  check ((stream_id is null) = (published_at is null))
);
create index outbox_unpublished on outbox (outbox_id) where stream_id is null;

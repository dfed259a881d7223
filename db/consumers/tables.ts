import type { ColumnType } from 'kysely';

type SetByDatabase<T> = ColumnType<T, never, never>;
type Later<T> = ColumnType<T | null, never, T | null>;

/** One failed attempt at a delivery. */
export interface FailedAttempt {
  readonly at: string;
  readonly member: string;
  readonly errorClass: string;
  readonly message: string;
}

/** Why a delivery was given up. */
export type DeadLetterReason =
  | 'undecodable'
  | 'never_retry'
  | 'attempts_exhausted'
  | 'time_exhausted'
  | 'crashes_exhausted'
  | 'lost';

/** Where a dead letter stands: only a `dead` one wants a person. */
export type DeadLetterState = 'dead' | 'redriving' | 'redriven' | 'discarded';

/**
 * Why events are read from the archive: what a group has not handled of the past, everything anew,
 * or what a stream lost, which counts as live.
 */
export type ReplayMode = 'fill' | 'rebuild' | 'refill';

/** An event that a consumer has handled. */
interface InboxRow {
  event_id: string;
  event_type: string;
  effect: unknown;
  handled_at: SetByDatabase<Date>;
}

/** A delivery out of the stream: it failed and waits, or it waits behind one that failed. */
interface ParkedRow {
  parked_id: SetByDatabase<number>;
  stream: string;
  entry_id: string;
  fields: string;
  key: string;
  event_id: string | null;
  attempts: number;
  starts: ColumnType<number, never, number>;
  last_error: string | null;
  history: ColumnType<FailedAttempt[], string, string>;
  parked_at: ColumnType<Date, Date | undefined, never>;
  due_at: Date;
  dead_letter_id: number | null;
  is_replay: boolean;
  /** An earlier one of its key is parked. */
  is_behind: SetByDatabase<boolean>;
}

interface DeadLetterRow {
  dead_letter_id: SetByDatabase<number>;
  stream: string;
  entry_id: string;
  fields: string;
  event_id: string | null;
  event_type: string | null;
  key: string;
  reason: DeadLetterReason;
  attempts: number;
  error: string;
  error_class: string;
  fingerprint: string;
  history: ColumnType<FailedAttempt[], string, string>;
  state: ColumnType<DeadLetterState, never, DeadLetterState>;
  redrives: ColumnType<number, never, number>;
  redrive_id: Later<number>;
  original_fields: Later<string>;
  edited_by: Later<string>;
  settled_at: Later<Date>;
  settled_by: Later<string>;
  settled_why: Later<string>;
  died_at: ColumnType<Date, never, Date>;
}

/** The tables that the runtime keeps in every consumer's schema. */
export interface RuntimeSchema {
  inbox: InboxRow;
  parked: ParkedRow;
  dead_letters: DeadLetterRow;
  crash_counts: { stream: string; entry_id: string; starts: number };
  group_state: {
    paused_at: Later<Date>;
    paused_by: Later<string>;
    paused_why: Later<string>;
    is_backfilled: ColumnType<boolean, never, boolean>;
  };
  members: { member: string; started_at: SetByDatabase<Date>; seen_at: Date; health: unknown };
  partitions: { stream: string; token: ColumnType<number, never, number> };
  leases: {
    stream: string;
    member: string | null;
    expires_at: Date;
    /** Whether the last owner handed it back itself. */
    is_handed_back: boolean;
    /** Every entry up to this one is settled: where the group is made again. */
    position: string;
    /** The server that had the stream when its owner last looked; null before. */
    server_id: Later<string>;
    /** When the group began with the partition. */
    began_at: ColumnType<Date, never, Date>;
  };
  losses: {
    stream: string;
    first_id: string;
    last_id: string;
    found_at: SetByDatabase<Date>;
    replay_id: number | null;
  };
  replays: {
    replay_id: SetByDatabase<number>;
    mode: ReplayMode;
    from_time: Date | null;
    to_time: Date;
    event_types: string[] | null;
    key: string | null;
    rate_per_second: number | null;
    /** Whether live events wait until it is through. */
    holds_live: boolean;
    state: ColumnType<'running' | 'done' | 'cancelled', never, 'running' | 'done' | 'cancelled'>;
    started_by: string;
    started_at: SetByDatabase<Date>;
    ended_at: Later<Date>;
  };
  replay_cursors: {
    replay_id: number;
    stream: string;
    cursor: ColumnType<string, never, string>;
    read: ColumnType<number, never, number>;
    is_done: ColumnType<boolean, never, boolean>;
    begun: ColumnType<number, never, number>;
  };
  redrives: {
    redrive_id: SetByDatabase<number>;
    state: 'canary' | 'running' | 'done' | 'cancelled' | 'stopped';
    rate_per_second: number;
    started_by: string;
    started_at: SetByDatabase<Date>;
    ended_at: Later<Date>;
  };
  outbox: {
    outbox_id: SetByDatabase<number>;
    event_id: string;
    event_type: string;
    key: string;
    sequence: number;
    stream: string;
    body: string;
    recorded_at: SetByDatabase<Date>;
    stream_id: Later<string>;
    published_at: Later<Date>;
  };
}

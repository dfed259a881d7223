import { sql, type Kysely } from 'kysely';
import type { FailedAttempt, RuntimeSchema } from './tables';

/** Of one subject there are a few dozen of each. */
const MAX_ROWS = 200;

/** An event that a group has handled, and what it did, in its own words. */
interface Handled {
  readonly eventId: string;
  readonly handledAt: Date;
  readonly effect: unknown;
}

/** An event that waits in PostgreSQL, with its failures so far. */
interface Parked {
  readonly eventId: string | null;
  readonly parkedAt: Date;
  readonly dueAt: Date | null;
  readonly attempts: number;
  readonly history: readonly FailedAttempt[];
}

/** An event that was given up, and what people have done about it. */
interface Dead {
  readonly deadLetterId: number;
  readonly eventId: string | null;
  readonly diedAt: Date;
  readonly reason: string;
  readonly error: string;
  readonly state: string;
  readonly history: readonly FailedAttempt[];
}

/** An event that the group itself has said. */
interface FollowedUp {
  readonly eventId: string;
  readonly recordedAt: Date;
  readonly streamId: string | null;
}

/** What a group has done with the events of one subject. */
export interface SubjectReport {
  readonly handled: readonly Handled[];
  readonly parked: readonly Parked[];
  readonly dead: readonly Dead[];
  readonly followUps: readonly FollowedUp[];
}

/**
 * What a group knows of a subject: its key, and the ids that its events may have; the inbox knows
 * events by their ids alone.
 */
export async function reportSubject(
  db: Kysely<RuntimeSchema>,
  { key, eventIds }: { key: string; eventIds: readonly string[] },
): Promise<SubjectReport> {
  const ids = [...eventIds];
  const [handled, parked, dead, followUps] = await Promise.all([
    sql<Handled>`
      select event_id as "eventId", handled_at as "handledAt", effect from inbox
      where event_id = any (${ids}) limit ${MAX_ROWS}`.execute(db),
    sql<Parked>`
      select event_id as "eventId", parked_at as "parkedAt", attempts, history,
        case when isfinite(due_at) then due_at end as "dueAt"
      from parked where key = ${key} order by parked_id limit ${MAX_ROWS}`.execute(db),
    sql<Dead>`
      select dead_letter_id as "deadLetterId", event_id as "eventId", died_at as "diedAt", reason,
        error, state, history
      from dead_letters where key = ${key} order by dead_letter_id limit ${MAX_ROWS}`.execute(db),
    sql<FollowedUp>`
      select event_id as "eventId", recorded_at as "recordedAt", stream_id as "streamId"
      from outbox where event_id = any (${ids}) limit ${MAX_ROWS}`.execute(db),
  ]);
  return {
    ...{ handled: handled.rows, parked: parked.rows },
    ...{ dead: dead.rows, followUps: followUps.rows },
  };
}

import { sql, type Kysely } from 'kysely';
import type { DeadLetterState, FailedAttempt, RuntimeSchema } from './tables';

type Db = Kysely<RuntimeSchema>;

/** A dead letter in a list. */
export interface DeadLetterSummary {
  readonly deadLetterId: number;
  readonly eventId: string | null;
  readonly eventType: string | null;
  readonly key: string;
  readonly reason: string;
  readonly errorClass: string;
  readonly fingerprint: string;
  readonly attempts: number;
  readonly redrives: number;
  readonly state: DeadLetterState;
  readonly diedAt: Date;
}

/** A dead letter with all that is known of it. */
export interface DeadLetterDetails extends DeadLetterSummary {
  readonly stream: string;
  readonly entryId: string;
  readonly fields: Record<string, string>;
  readonly originalFields: Record<string, string> | null;
  readonly editedBy: string | null;
  readonly error: string;
  readonly history: readonly FailedAttempt[];
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
  readonly settledWhy: string | null;
}

const SUMMARY = sql.raw(`dead_letter_id as "deadLetterId", event_id as "eventId",
  event_type as "eventType", key, reason, error_class as "errorClass", fingerprint, attempts,
  redrives, state, died_at as "diedAt"`);

/** The dead letters in this state, the latest first. */
export async function listDeadLetters(
  db: Db,
  query: { state: DeadLetterState; fingerprint?: string | undefined; limit: number },
): Promise<DeadLetterSummary[]> {
  const fingerprint = query.fingerprint ?? null;
  const { rows } = await sql<DeadLetterSummary>`
    select ${SUMMARY} from dead_letters
    where state = ${query.state} and (${fingerprint}::text is null or fingerprint = ${fingerprint})
    order by dead_letter_id desc limit ${query.limit}`.execute(db);
  return rows;
}

/** Dead letters that died of the same error. */
export interface Fingerprint {
  readonly fingerprint: string;
  readonly errorClass: string;
  /** What the latest of them died of. */
  readonly error: string;
  readonly count: number;
  readonly eventTypes: (string | null)[];
  readonly firstDiedAt: Date;
  readonly lastDiedAt: Date;
  /** The latest of them. */
  readonly latestId: number;
}

/** What the dead letters died of that wait for a person, the most frequent first. */
export async function listFingerprints(db: Db, limit: number): Promise<Fingerprint[]> {
  const { rows } = await sql<Fingerprint>`
    select found.*, latest.error_class as "errorClass", latest.error
    from (
      select fingerprint, count(*) as count, array_agg(distinct event_type) as "eventTypes",
        min(died_at) as "firstDiedAt", max(died_at) as "lastDiedAt",
        max(dead_letter_id) as "latestId"
      from dead_letters where state = 'dead'
      group by fingerprint order by count(*) desc limit ${limit}) as found
    join dead_letters as latest on latest.dead_letter_id = found."latestId"
    order by count desc`.execute(db);
  return rows;
}

/** Undefined when there is none of this id. */
export async function findDeadLetter(
  db: Db,
  deadLetterId: number,
): Promise<DeadLetterDetails | undefined> {
  const { rows } = await sql<DeadLetterDetails & { fields: string; originalFields: string | null }>`
    select ${SUMMARY}, stream, entry_id as "entryId", fields, original_fields as "originalFields",
      edited_by as "editedBy", error, history, settled_at as "settledAt",
      settled_by as "settledBy", settled_why as "settledWhy"
    from dead_letters where dead_letter_id = ${deadLetterId}`.execute(db);
  const row = rows[0];
  if (!row) return undefined;
  return { ...row, fields: parse(row.fields)!, originalFields: parse(row.originalFields) };
}

function parse(text: string | null): Record<string, string> | null {
  return text === null ? null : (JSON.parse(text) as Record<string, string>);
}

/** Changes what is redriven, and keeps what came; false unless the dead letter is dead. */
export async function editDeadLetter(
  db: Db,
  deadLetterId: number,
  { fields, by }: { fields: Readonly<Record<string, string>>; by: string },
): Promise<boolean> {
  const { rows } = await sql`
    update dead_letters set original_fields = coalesce(original_fields, fields),
           fields = ${JSON.stringify(fields)}, edited_by = ${by}
    where dead_letter_id = ${deadLetterId} and state = 'dead' returning 1`.execute(db);
  return rows.length > 0;
}

/** Says that nothing will be done about it; false unless the dead letter is dead. */
export async function discardDeadLetter(
  db: Db,
  deadLetterId: number,
  { by, why }: { by: string; why: string },
): Promise<boolean> {
  const { rows } = await sql`
    update dead_letters set state = 'discarded', settled_at = now(), settled_by = ${by},
           settled_why = ${why}
    where dead_letter_id = ${deadLetterId} and state = 'dead' returning 1`.execute(db);
  return rows.length > 0;
}

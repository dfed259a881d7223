import { sql } from 'kysely';
import type { Database } from './database';
import { storableJson, storableText } from './storable-text';

/** What is kept of the answer to a command. */
const MAX_SAID_LENGTH = 2_000;
const MAX_BY_LENGTH = 200;
const MAX_WORD_LENGTH = 500;

/** A command that changes something, and who gave it. */
export interface AuditedCommand {
  readonly by: string;
  readonly via: 'cli' | 'api';
  /** Area and name, such as `consumers pause`. */
  readonly command: string;
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** How it ended; `null` while it is under way, or when nobody has heard. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/** What was kept of a command. */
export interface AuditEntry extends AuditedCommand {
  readonly auditId: number;
  readonly begunAt: Date;
  readonly endedAt: Date | null;
  readonly outcome: AuditOutcome | null;
  readonly said: string | null;
}

/** Writes down that a command begins: before it does, so that nothing is changed by nobody. */
export async function beginAudit(db: Database, command: AuditedCommand): Promise<number> {
  const { via, options } = command;
  const by = storableText(command.by, MAX_BY_LENGTH);
  const words = command.words.map((word) => storableText(word, MAX_WORD_LENGTH));
  const { rows } = await sql<{ id: number }>`
    insert into ops.audit (by, via, command, words, options)
    values (${by}, ${via}, ${command.command}, ${words}, ${storableJson(options)}::jsonb)
    returning audit_id as id`.execute(db);
  return rows[0]!.id;
}

/** Writes down how it ended, and what it said. */
export async function endAudit(
  db: Database,
  auditId: number,
  { outcome, said }: { outcome: AuditOutcome; said: string },
): Promise<void> {
  await sql`
    update ops.audit set ended_at = now(), outcome = ${outcome},
           said = ${storableText(said, MAX_SAID_LENGTH)}
    where audit_id = ${auditId}`.execute(db);
}

/** What people changed, the latest first. */
export async function readAudit(db: Database, limit: number): Promise<AuditEntry[]> {
  const { rows } = await sql<AuditEntry>`
    select audit_id as "auditId", begun_at as "begunAt", by, via, command, words, options,
           ended_at as "endedAt", outcome, said
    from ops.audit order by audit_id desc limit ${limit}`.execute(db);
  return rows;
}

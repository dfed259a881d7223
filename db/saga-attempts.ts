import { sql } from 'kysely';
import type { Database } from './database';
import { storableText } from './storable-text';

/** What is kept of an error's text. */
const MAX_ERROR_LENGTH = 500;

/** One attempt at a saga's activity, as it is kept for people. */
export interface SagaAttempt {
  readonly orderId: string;
  readonly workflowId: string;
  readonly activity: string;
  readonly attempt: number;
  readonly startedAt: Date;
  readonly tookMs: number;
  readonly outcome: 'completed' | 'refused' | 'failed' | 'cancelled';
  readonly subject: string | null;
  readonly error: string | null;
}

/** Keeps attempts; the same ones again would be there twice. */
export async function recordAttempts(
  db: Database,
  attempts: readonly SagaAttempt[],
): Promise<void> {
  const rows = attempts.map((attempt) => ({
    ...attempt,
    tookMs: Math.round(attempt.tookMs),
    error: attempt.error === null ? null : storableText(attempt.error, MAX_ERROR_LENGTH),
  }));
  await sql`
    insert into orders.saga_attempts (order_id, workflow_id, activity, attempt, started_at, took_ms,
                                      outcome, subject, error)
    select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as
      ("orderId" text, "workflowId" text, activity text, attempt integer,
       "startedAt" timestamptz, "tookMs" integer, outcome text, subject text, error text)`.execute(
    db,
  );
}

/** The latest attempts for an order, the oldest of them first. */
export async function readAttempts(
  db: Database,
  orderId: string,
  limit: number,
): Promise<SagaAttempt[]> {
  const { rows } = await sql<SagaAttempt>`
    select order_id as "orderId", workflow_id as "workflowId", activity, attempt,
           started_at as "startedAt", took_ms as "tookMs", outcome, subject, error
    from orders.saga_attempts where order_id = ${orderId}
    order by started_at desc limit ${limit}`.execute(db);
  return rows.reverse();
}

/** Forgets attempts older than `days`, at most `limit` at once; returns how many. */
export async function forgetAttempts(db: Database, days: number, limit: number): Promise<number> {
  const { numAffectedRows } = await sql`
    delete from orders.saga_attempts where ctid = any (array(
      select ctid from orders.saga_attempts
      where started_at < now() - make_interval(days => ${days})
      order by started_at limit ${limit}))`.execute(db);
  return Number(numAffectedRows ?? 0);
}

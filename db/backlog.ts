import { sql } from 'kysely';
import type { Database } from './database';

/** How much waits for the saga workers. */
export interface Backlog {
  /** Orders that are pending, counted up to a bound. */
  readonly pending: number;
  /**
   * Since when the oldest order waits whose saga nobody has begun; or, where that is longer, the
   * oldest but a few of those that are pending for whatever reason. 0 if none does.
   */
  readonly oldestWaitSeconds: number;
  /** Since when the oldest task waits in Temporal's queue, as a saga worker saw it of late. */
  readonly taskQueueSeconds: number;
}

/** Orders that wait for a person, or for one card, are no backlog. */
const STRAGGLERS = 20;

/** What a saga worker saw longer ago says nothing any more. */
const FRESH = sql`interval '30 seconds'`;

/** Reads the backlog; counts no further than `countUpTo`. */
export async function readBacklog(db: Database, countUpTo: number): Promise<Backlog> {
  const { rows } = await sql<Backlog>`
    select
      (select count(*) from (
        select from orders.orders where status = 'pending' limit ${countUpTo}) as counted) as pending,
      coalesce(extract(epoch from now() - least(
        (select min(created_at) from orders.orders
          where status = 'pending' and saga_started_at is null),
        (select created_at from orders.orders where status = 'pending'
          order by created_at offset ${STRAGGLERS} limit 1))), 0)::float8 as "oldestWaitSeconds",
      coalesce((select max(oldest_seconds) from orders.task_queue_backlog
        where seen_at > now() - ${FRESH}), 0)::float8 as "taskQueueSeconds"`.execute(db);
  return rows[0]!;
}

/** Writes down what waits in a task queue, for the processes that do not know Temporal. */
export async function noteTaskQueueBacklog(
  db: Database,
  taskQueue: string,
  { tasks, oldestSeconds }: { tasks: number; oldestSeconds: number },
): Promise<void> {
  await sql`
    insert into orders.task_queue_backlog (task_queue, tasks, oldest_seconds)
    values (${taskQueue}, ${tasks}, ${oldestSeconds})
    on conflict (task_queue) do update
    set tasks = excluded.tasks, oldest_seconds = excluded.oldest_seconds, seen_at = now()`.execute(
    db,
  );
}

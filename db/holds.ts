import { sql } from 'kysely';
import type { Database } from './database';

/** A hold that should not be there any more, or not yet. */
export interface SuspectHold {
  readonly orderId: string;
  readonly orderStatus: string | null;
  /** `terminal`: its order has ended. `overdue`: its order is older than a placement may be. */
  readonly reason: 'terminal' | 'overdue';
}

/** Held stock whose order has ended without being confirmed, or which is held for too long. */
export async function findSuspectHolds(
  db: Database,
  { overdueSeconds, limit }: { overdueSeconds: number; limit: number },
): Promise<SuspectHold[]> {
  const { rows } = await sql<SuspectHold>`
    select hold.order_id as "orderId", o.status as "orderStatus",
           case when o.status = 'pending' then 'overdue' else 'terminal' end as reason
    from inventory.holds hold left join orders.orders o using (order_id)
    where hold.state = 'held'
      and (o.status is distinct from 'pending'
        or hold.created_at < now() - make_interval(secs => ${overdueSeconds}))
    order by hold.created_at limit ${limit}`.execute(db);
  return rows;
}

/** Takes the note from orders that have ended since. */
export async function settleOverdueNotes(db: Database, note: string): Promise<void> {
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_remove(needs_attention, ${note})`, updated_at: sql`now()` })
    .where(sql<boolean>`${note} = any (needs_attention) and status <> 'pending'`)
    .execute();
}

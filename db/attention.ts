import { sql } from 'kysely';
import type { OrderStatus } from '../domain/order';
import type { Database, DatabaseTransaction } from './database';
import { recordChange } from './journal';

/**
 * Notes what a person has to finish; the same note twice is one. With `decisions`, only while there
 * were no more of them about it: a try that was given up, and comes late, must not outlive them.
 */
export async function noteAttention(
  db: Database,
  orderId: string,
  what: string,
  decisions?: number,
): Promise<void> {
  const decided = sql<number>`(select count(*) from orders.journal as j
    where j.order_id = orders.order_id and j.name = 'OperatorDecided' and j.detail->>'step' = ${what})`;
  await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_append(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`not ${what} = any (needs_attention)`)
    .$if(decisions !== undefined, (update) => update.where(decided, '<=', decisions!))
    .execute();
}

/** Takes such a note away again; false when it was not there. */
export async function settleAttention(
  db: Database | DatabaseTransaction,
  orderId: string,
  what: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('orders.orders')
    .set({ needs_attention: sql`array_remove(needs_attention, ${what})`, updated_at: sql`now()` })
    .where('order_id', '=', orderId)
    .where(sql<boolean>`${what} = any (needs_attention)`)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Who decided what about a step of the order's saga, and why. */
export interface Decision {
  readonly decisionId: string;
  readonly verb: string;
  readonly step: string;
  readonly by: string;
  readonly why: string;
}

/** Writes an operator's decision into the order's journal, once an id. */
export async function recordDecision(
  db: Database,
  orderId: string,
  decision: Decision,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const locked = await tx
      .selectFrom('orders.orders')
      .select('order_id')
      .where('order_id', '=', orderId)
      .forUpdate()
      .executeTakeFirst();
    const before = await tx
      .selectFrom('orders.journal')
      .select('sequence')
      .where('order_id', '=', orderId)
      .where('name', '=', 'OperatorDecided')
      .where(sql<boolean>`detail->>'decisionId' = ${decision.decisionId}`)
      .executeTakeFirst();
    if (locked && !before) await recordChange(tx, orderId, 'OperatorDecided', { ...decision });
  });
}

/**
 * Carries out a decision about a note that no saga waits for: it is taken away, and who decided is
 * in the journal; false when it is not there. A saga that is under way settles its own.
 */
export async function settleByHand(
  db: Database,
  orderId: string,
  decision: Decision,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    const isSettled = await settleAttention(tx, orderId, decision.step);
    if (isSettled) await recordChange(tx, orderId, 'OperatorDecided', { ...decision });
    return isSettled;
  });
}

/** An order that needs a person, and for what. */
export interface OrderNeedingAttention {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly needsAttention: string[];
  readonly updatedAt: Date;
}

/** Orders that need a person, those that have waited longest first. */
export async function findOrdersNeedingAttention(
  db: Database,
  limit: number,
): Promise<OrderNeedingAttention[]> {
  return db
    .selectFrom('orders.orders')
    .select([
      ...(['order_id as orderId', 'status'] as const),
      ...(['needs_attention as needsAttention', 'updated_at as updatedAt'] as const),
    ])
    .where(sql<boolean>`needs_attention <> '{}'`)
    .orderBy('updated_at')
    .limit(limit)
    .execute();
}

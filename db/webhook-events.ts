import { sql } from 'kysely';
import type { Database } from './database';
import { storableText } from './storable-text';

const MAX_RESULT_LENGTH = 500;

/** A notification of the provider that has not been compared with what we know. */
export interface UnsettledWebhookEvent {
  readonly eventId: string;
  readonly intentId: string | null;
  /** Which attempt begins now. */
  readonly attempt: number;
}

/** Keeps a verified notification, once an id; false when it was there already. */
export async function saveWebhookEvent(
  db: Database,
  event: { id: string; type: string; intentId: string | null },
): Promise<boolean> {
  const saved = await db
    .insertInto('payments.webhook_events')
    .values({
      webhook_event_id: event.id,
      event_type: event.type,
      intent_id: event.intentId,
      settled_at: null,
      result: null,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('webhook_event_id')
    .executeTakeFirst();
  return saved !== undefined;
}

/** Takes notifications that are due, and puts them off meanwhile, so that no other has them. */
export async function takeWebhookEvents(
  db: Database,
  { limit, putOffSeconds }: { limit: number; putOffSeconds: number },
): Promise<UnsettledWebhookEvent[]> {
  const { rows } = await sql<UnsettledWebhookEvent>`
    update payments.webhook_events
    set attempts = attempts + 1,
        due_at = now() + make_interval(secs => ${putOffSeconds} * (attempts + 1))
    where webhook_event_id in (
      select webhook_event_id from payments.webhook_events
      where settled_at is null and due_at <= now()
      order by due_at limit ${limit} for update skip locked)
    returning webhook_event_id as "eventId", intent_id as "intentId", attempts as attempt`.execute(
    db,
  );
  return rows;
}

/** Writes down what came of a notification. */
export async function settleWebhookEvent(
  db: Database,
  eventId: string,
  result: string,
): Promise<void> {
  await db
    .updateTable('payments.webhook_events')
    .set({ settled_at: sql`now()`, result: storableText(result, MAX_RESULT_LENGTH) })
    .where('webhook_event_id', '=', eventId)
    .execute();
}

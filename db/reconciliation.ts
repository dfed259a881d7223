import { sql } from 'kysely';
import type { PublishableEvent } from '../events/publish-once';
import type { Database } from './database';

/** A recorded event and where it should be. */
export interface RecordedPlace extends PublishableEvent {
  readonly journalId: number;
  readonly streamId: string | null;
}

/**
 * Recorded events after `afterJournalId`, in the order in which they were recorded, not younger
 * than `minAgeSeconds`: those are on their way still.
 */
export async function readRecordedEvents(
  db: Database,
  page: { afterJournalId: number; sinceHours: number; minAgeSeconds: number; limit: number },
): Promise<RecordedPlace[]> {
  const { rows } = await sql<RecordedPlace>`
    select journal_id as "journalId", event_id as id, event_type as type, order_id as key,
           event_body as body, stream_id as "streamId"
    from orders.journal
    where event_id is not null and journal_id > ${page.afterJournalId}
      and recorded_at > now() - make_interval(hours => ${page.sinceHours})
      and recorded_at < now() - make_interval(secs => ${page.minAgeSeconds})
    order by journal_id limit ${page.limit}`.execute(db);
  return rows;
}

/** What is wrong with an order, found in the database alone. */
export interface Discrepancy {
  readonly orderId: string;
  readonly kind:
    | 'pending too long'
    | 'needs a person'
    | 'confirmed without a committed hold'
    | 'confirmed without OrderCreated'
    | 'not confirmed with OrderCreated'
    | 'confirmed without captured money';
}

/** Orders of which the tables contradict each other, or which nobody is finishing. */
export async function findDiscrepancies(
  db: Database,
  { overdueSeconds, limit }: { overdueSeconds: number; limit: number },
): Promise<Discrepancy[]> {
  const { rows } = await sql<Discrepancy>`
    select o.order_id as "orderId", found.kind
    from orders.orders o
    left join inventory.holds hold using (order_id)
    left join payments.payments payment using (order_id)
    left join orders.journal created
      on created.event_id = o.order_id || '/OrderCreated/1'
    cross join lateral (values
      ('pending too long', o.status = 'pending'
        and o.created_at < now() - make_interval(secs => ${overdueSeconds})),
      ('needs a person', o.needs_attention <> '{}'),
      ('confirmed without a committed hold',
        o.status = 'confirmed' and hold.state is distinct from 'committed'),
      ('confirmed without OrderCreated', o.status = 'confirmed' and created.event_id is null),
      ('not confirmed with OrderCreated', created.event_id is not null
        and o.status in ('pending', 'rejected', 'failed')),
      ('confirmed without captured money', o.status = 'confirmed'
        and payment.state is distinct from 'captured' and o.cancel_requested_at is null
        and o.updated_at < now() - make_interval(secs => ${overdueSeconds}))
    ) as found (kind, is_so)
    where found.is_so
    order by o.created_at limit ${limit}`.execute(db);
  return rows;
}

/**
 * Takes intents of payments that are open though their order has ended, or that nobody has settled:
 * those first that were not looked at for the longest time.
 */
export async function takeOpenIntents(
  db: Database,
  { limit }: { limit: number },
): Promise<{ orderId: string; intentId: string }[]> {
  const { rows } = await sql<{ orderId: string; intentId: string }>`
    update payments.payments set updated_at = now()
    where order_id in (
      select order_id from payments.payments payment join orders.orders o using (order_id)
      where intent_id is not null and payment.state in ('authorizing', 'authorized', 'declined')
        and o.status <> 'pending' and payment.updated_at < now() - interval '1 minute'
      order by payment.updated_at limit ${limit} for update of payment skip locked)
    returning order_id as "orderId", intent_id as "intentId"`.execute(db);
  return rows;
}

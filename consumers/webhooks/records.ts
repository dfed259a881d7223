import { sql, type Kysely } from 'kysely';
import type { ConsumerRecord, SubjectQuery } from '../runtime/consumer';
import type { WebhooksSchema } from './tables';

/** An order is told to a few endpoints, each a few times. */
const MAX_ROWS = 200;

interface Row {
  readonly eventId: string;
  readonly endpointId: string;
  readonly url: string;
  readonly state: 'pending' | 'sending' | 'delivered' | 'failed';
  readonly attempts: number;
  readonly plannedAt: Date;
  readonly at: Date | null;
  readonly status: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

const STATES: Record<Row['state'], ConsumerRecord['state']> = {
  ...({ pending: 'waiting', sending: 'waiting' } as const),
  ...({ delivered: 'done', failed: 'failed' } as const),
};

/** The deliveries of an order's events, each with the last answer. */
export async function deliveryRecords(
  db: Kysely<WebhooksSchema>,
  { eventIds }: SubjectQuery,
): Promise<ConsumerRecord[]> {
  const { rows } = await sql<Row>`
    select event_id as "eventId", endpoint_id as "endpointId", url, deliveries.state,
      deliveries.attempts, planned_at as "plannedAt", last.at, last.status, last.error, last.answer
    from deliveries join endpoints using (endpoint_id)
    left join lateral (
      select at, status, error, answer from attempts
      where attempts.delivery_id = deliveries.delivery_id order by attempt desc limit 1
    ) as last on true
    where event_id = any (${[...eventIds]}) order by delivery_id limit ${MAX_ROWS}`.execute(db);
  return rows.map(({ plannedAt, at, state, ...row }) => ({
    at: at ?? plannedAt,
    what: `webhook ${state}`,
    state: STATES[state],
    detail: {
      ...{ event: row.eventId, endpoint: row.endpointId, host: new URL(row.url).host },
      ...{ attempts: row.attempts, status: row.status, error: row.error, answer: row.answer },
    },
  }));
}

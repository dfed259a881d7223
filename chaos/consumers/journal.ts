import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../db/database';
import { markPublished } from '../../db/journal';
import { canonicalJson } from '../../events/canonical-json';
import { buildEvent } from '../../events/envelope';
import { publishOnce, type PublishableEvent, type ScriptRunner } from '../../events/publish-once';
import { seededRandom } from '../proxy';
import { Soaked } from './groups';

const EVENTS_AN_ORDER = 4;
const POISON_SHARE = 0.01;

/** An event that is to be recorded and published. */
export interface PlannedEvent extends PublishableEvent {
  readonly sequence: number;
  readonly isPoison: boolean;
}

/** So many events of orders, mixed by the seed, those of each order one after another. */
export function planEvents(events: number, seed: number): PlannedEvent[] {
  const random = seededRandom(seed);
  const orders = Array.from({ length: Math.ceil(events / EVENTS_AN_ORDER) }, () => ({
    orderId: `ord_${uuidv7()}`,
    sequence: 0,
  }));
  return Array.from({ length: events }, (_, n) => {
    const at = Math.floor(random() * orders.length);
    const order = orders[at]!;
    order.sequence += 1;
    if (order.sequence === EVENTS_AN_ORDER) orders.splice(at, 1);
    return plan(order, n, random() < POISON_SHARE);
  });
}

function plan(
  { orderId, sequence }: { orderId: string; sequence: number },
  n: number,
  isPoison: boolean,
): PlannedEvent {
  const event = buildEvent(Soaked, '/tandem/soak', {
    ...{ subject: orderId, occurrence: sequence, sequence, time: new Date() },
    data: { n, isPoison },
  });
  const body = canonicalJson(event);
  return { id: event.id, type: event.type, key: orderId, body, sequence, isPoison };
}

/** Records the events in the orders' journal, as one transaction each would. */
export async function recordEvents(db: Database, events: readonly PlannedEvent[]): Promise<void> {
  const rows = JSON.stringify(events);
  await sql`
    insert into orders.orders
      (order_id, tenant, customer_id, customer_email, payment_method, currency, total_minor)
    select distinct key, 'soak', 'cus_soak', 'soak@example.com', 'pm_card_visa', 'EUR', 100
    from jsonb_to_recordset(${rows}::jsonb) as event (key text)
    on conflict do nothing`.execute(db);
  await sql`
    insert into orders.journal
      (order_id, sequence, name, event_id, event_type, event_sequence, event_body)
    select key, sequence, 'Soaked', id, type, sequence, body
    from jsonb_to_recordset(${rows}::jsonb)
      as event (id text, type text, key text, body text, sequence integer)`.execute(db);
}

/** Publishes them in their order, and writes down where they are. */
export async function publishEvents(
  db: Database,
  redis: ScriptRunner,
  events: readonly PlannedEvent[],
): Promise<void> {
  await Promise.all(
    events.map(async (event) => markPublished(db, event.id, await publishOnce(redis, event))),
  );
}

import { sql, type Transaction } from 'kysely';
import { tenantOf, type EventOf } from '../../events/envelope';
import type { WebhooksSchema } from './tables';

/**
 * Plans a delivery of the event to each endpoint of its tenant that wants it. The body is that of Standard
 * Webhooks (type, timestamp, data); what is sealed for our own consumers is left out.
 */
export async function planDeliveries(
  tx: Transaction<WebhooksSchema>,
  event: EventOf<object>,
): Promise<number> {
  const { id, type, time, data } = event;
  const told = Object.fromEntries(Object.entries(data).filter(([name]) => name !== 'sealed'));
  const body = JSON.stringify({ type, timestamp: time, data: told });
  const { numAffectedRows } = await sql`
    insert into deliveries (endpoint_id, event_id, event_type, body)
    select endpoint_id, ${id}, ${type}, ${body} from endpoints
    where tenant = ${tenantOf(event)} and state = 'enabled' and (event_types is null or ${type} = any(event_types))
    on conflict do nothing`.execute(tx);
  return Number(numAffectedRows ?? 0);
}

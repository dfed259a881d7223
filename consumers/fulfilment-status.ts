import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { OrderShipped } from '../events/fulfilment-events';
import { OrderCreated } from '../events/order-events';
import { defineConsumer, on, type Behaviour, type Effect } from './runtime/consumer';

/** Follows the shipments in the orders' `fulfilmentStatus`, by the one function it may call. */
export const consumer = defineConsumer({
  group: 'fulfilment_status',
  settings: z.object({}),
  migrations: {
    '0001_grant': `
      grant usage on schema orders to tandem_fulfilment_status;
      grant execute on function orders.follow_fulfilment(text, text, jsonb)
        to tandem_fulfilment_status;`,
  },
  create: (): Behaviour<object> => ({
    reactions: [
      on(OrderCreated, ({ data }, { tx }) => follow(tx, data.orderId, 'requested')),
      on(OrderShipped, ({ data: { orderId, carrier, trackingNumber } }, { tx }) =>
        follow(tx, orderId, 'shipped', { carrier, trackingNumber }),
      ),
    ],
  }),
});

async function follow(
  tx: Transaction<object>,
  orderId: string,
  status: 'requested' | 'shipped',
  detail: Readonly<Record<string, string>> = {},
): Promise<Effect> {
  const { rows } = await sql<{ status: string | null }>`
    select orders.follow_fulfilment(${orderId}, ${status}, ${JSON.stringify(detail)}::jsonb)
      as status`.execute(tx);
  return { fulfilmentStatus: rows[0]!.status };
}

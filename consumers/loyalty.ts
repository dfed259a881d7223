import type { ColumnType } from 'kysely';
import { z } from 'zod';
import { OrderCancelled, OrderCreated } from '../events/order-events';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

/** One point for each full hundred minor units: a point a euro. */
const MINOR_UNITS_PER_POINT = 100;

interface LoyaltySchema {
  balances: { customer_id: string; points: number; entries: number; changed_at: Date };
  points: {
    customer_id: string;
    order_id: string;
    event_id: string;
    points: number;
    recorded_at: ColumnType<Date, never, never>;
  };
}

/**
 * Gives the customer points for each confirmed order and takes them back when it is cancelled: rows
 * of a ledger; the view `balances` is their sum by customer.
 */
export const consumer = defineConsumer({
  group: 'loyalty',
  settings: z.object({}),
  // Whenever it is added: each order since the shop's first counts.
  history: 'all',
  batchSize: 50,
  migrations: {
    '0001_points': `
      create table points (
        event_id text primary key,
        order_id text not null,
        customer_id text not null,
        points integer not null,
        recorded_at timestamptz not null default now()
      );
      create index points_by_customer on points (customer_id);`,
    '0002_points_by_order': 'create index points_by_order on points (order_id);',
    '0003_balances': `
      create view balances as
        select customer_id, sum(points)::bigint as points, count(*) as entries,
               max(recorded_at) as changed_at
        from points group by customer_id;
      -- the API shows them
      grant usage on schema loyalty to tandem_orders;
      grant select on balances to tandem_orders;`,
  },
  create: (): Behaviour<LoyaltySchema> => ({
    reactions: [
      on(OrderCreated, async ({ id, data }, { tx }) => {
        const points = Math.floor(data.totalMinor / MINOR_UNITS_PER_POINT);
        await tx
          .insertInto('points')
          .values({ event_id: id, order_id: data.orderId, customer_id: data.customerId, points })
          .execute();
        return { points };
      }),
      on(OrderCancelled, async ({ id, data }, { tx }) => {
        const given = await tx
          .selectFrom('points')
          .select((builder) => builder.fn.sum<string>('points').as('points'))
          .where('order_id', '=', data.orderId)
          .executeTakeFirstOrThrow();
        // Nothing was given for an order that was cancelled before it was confirmed.
        const points = -Number(given.points ?? 0);
        if (points === 0) return { points: 0 };
        await tx
          .insertInto('points')
          .values({ event_id: id, order_id: data.orderId, customer_id: data.customerId, points })
          .execute();
        return { points };
      }),
    ],
  }),
});

import { sql, type Transaction } from 'kysely';
import { z } from 'zod';
import { OrderCancelled, OrderCreated, OrderFailed, OrderRejected } from '../events/order-events';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

interface AnalyticsSchema {
  placements: {
    order_id: string;
    customer_id: string;
    currency: string;
    total_minor: number;
    outcome: 'confirmed' | 'rejected' | 'failed' | 'cancelled';
    code: string | null;
    confirmed_at: string | null;
    ended_at: string | null;
  };
  placed_lines: { order_id: string; sku: string; quantity: number; revenue_minor: number };
}

/** One row an order, and views over them: no row is written by two orders, so none waits. */
const TABLES = `
  create table placements (
    order_id text primary key,
    customer_id text not null,
    currency text not null,
    total_minor bigint not null,
    outcome text not null check (outcome in ('confirmed', 'rejected', 'failed', 'cancelled')),
    code text,
    confirmed_at timestamptz,
    -- when it was rejected, failed or was cancelled
    ended_at timestamptz
  );
  create index placements_confirmed on placements (confirmed_at) where confirmed_at is not null;
  create index placements_ended on placements (ended_at) where ended_at is not null;
  create table placed_lines (
    order_id text not null,
    sku text not null,
    quantity bigint not null,
    revenue_minor bigint not null,
    primary key (order_id, sku)
  );

  create view orders_by_minute as
    select date_trunc('minute', confirmed_at, 'UTC') as minute, currency, count(*) as orders,
           sum(total_minor)::bigint as revenue_minor,
           round(avg(total_minor))::bigint as average_basket_minor,
           count(*) filter (where outcome = 'cancelled') as cancelled_later
    from placements where confirmed_at is not null group by 1, 2;
  create view endings_by_minute as
    select date_trunc('minute', ended_at, 'UTC') as minute, outcome, code, count(*) as orders
    from placements where ended_at is not null group by 1, 2, 3;
  create view top_products as
    select sku, currency, count(*) as orders, sum(quantity)::bigint as quantity,
           sum(revenue_minor)::bigint as revenue_minor
    from placed_lines join placements using (order_id)
    where outcome = 'confirmed' group by sku, currency;
  create view totals as
    select currency, count(*) filter (where confirmed_at is not null) as confirmed,
           count(*) filter (where outcome = 'rejected') as rejected,
           count(*) filter (where outcome = 'failed') as failed,
           count(*) filter (where outcome = 'cancelled') as cancelled,
           coalesce(sum(total_minor) filter (where outcome = 'confirmed'), 0)::bigint
             as revenue_minor,
           round(avg(total_minor) filter (where confirmed_at is not null))::bigint
             as average_basket_minor
    from placements group by currency;`;

/** What the shop sells, by the minute: orders, revenue, rejections and why, products. */
export const consumer = defineConsumer({
  group: 'analytics',
  settings: z.object({}),
  history: 'all',
  batchSize: 50,
  projections: ['placements', 'placed_lines'],
  migrations: { '0001_placements': TABLES },
  create: (): Behaviour<AnalyticsSchema> => ({
    reactions: [
      on(OrderCreated, async ({ data, time }, { tx }) => {
        const { orderId, customerId, currency, totalMinor, lines } = data;
        await tx
          .insertInto('placements')
          .values({
            ...{ order_id: orderId, customer_id: customerId, currency, total_minor: totalMinor },
            ...{ outcome: 'confirmed', code: null, confirmed_at: time, ended_at: null },
          })
          // One that was called off before this came stays so, and was confirmed all the same.
          .onConflict((conflict) => conflict.column('order_id').doUpdateSet({ confirmed_at: time }))
          .execute();
        await sql`
          insert into placed_lines (order_id, sku, quantity, revenue_minor)
          select ${orderId}, sku, sum(quantity), sum(quantity * "unitPriceMinor")
          from jsonb_to_recordset(${JSON.stringify(lines)}::jsonb)
            as line (sku text, quantity bigint, "unitPriceMinor" bigint)
          group by sku`.execute(tx);
        return { counted: 'confirmed' };
      }),
      on(OrderRejected, ({ data, time }, { tx }) => end(tx, 'rejected', data, time)),
      on(OrderFailed, ({ data, time }, { tx }) => end(tx, 'failed', data, time)),
      on(OrderCancelled, ({ data, time }, { tx }) => end(tx, 'cancelled', data, time)),
    ],
  }),
});

interface Ending {
  readonly orderId: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  readonly code: string;
}

async function end(
  tx: Transaction<AnalyticsSchema>,
  outcome: 'rejected' | 'failed' | 'cancelled',
  { orderId, customerId, currency, totalMinor, code }: Ending,
  time: string,
) {
  await tx
    .insertInto('placements')
    .values({
      ...{ order_id: orderId, customer_id: customerId, currency, total_minor: totalMinor },
      ...{ outcome, code, confirmed_at: null, ended_at: time },
    })
    // One that was confirmed before stays so in its minute.
    .onConflict((conflict) =>
      conflict.column('order_id').doUpdateSet({ outcome, code, ended_at: time }),
    )
    .execute();
  return { counted: outcome };
}

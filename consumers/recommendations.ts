import { sql } from 'kysely';
import { z } from 'zod';
import { OrderCancelled, OrderCreated } from '../events/order-events';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

interface RecommendationsSchema {
  baskets: { order_id: string; skus: string[] };
  bought_together: { sku: string; other_sku: string; orders: number };
}

/** What is bought in one order belongs together; a larger basket says little, and has many pairs. */
const MAX_BASKET = 50;

/** Counts how often two products were bought in one order, from the first order on. */
export const consumer = defineConsumer({
  group: 'recommendations',
  settings: z.object({}),
  history: 'all',
  projections: ['baskets', 'bought_together'],
  migrations: {
    '0001_bought_together': `
      create table baskets (order_id text primary key, skus text[] not null);
      create table bought_together (
        sku text not null,
        other_sku text not null check (other_sku <> sku),
        orders integer not null check (orders >= 0),
        primary key (sku, other_sku)
      );
      create index bought_together_best on bought_together (sku, orders desc, other_sku);
      -- the API shows them
      grant usage on schema recommendations to tandem_orders;
      grant select on bought_together to tandem_orders;`,
  },
  create: (): Behaviour<RecommendationsSchema> => ({
    reactions: [
      on(OrderCreated, async ({ data }, { tx }) => {
        const skus = [...new Set(data.lines.map(({ sku }) => sku))].sort().slice(0, MAX_BASKET);
        await tx.insertInto('baskets').values({ order_id: data.orderId, skus }).execute();
        // In one order everywhere, so that two orders with the same products never deadlock.
        await sql`
          insert into bought_together (sku, other_sku, orders)
          select a.sku, b.sku, 1 from unnest(${skus}::text[]) as a (sku), unnest(${skus}::text[]) as b (sku)
          where a.sku <> b.sku order by a.sku, b.sku
          on conflict (sku, other_sku) do update set orders = bought_together.orders + 1`.execute(
          tx,
        );
        return { products: skus.length };
      }),
      on(OrderCancelled, async ({ data }, { tx }) => {
        const basket = await tx
          .deleteFrom('baskets')
          .where('order_id', '=', data.orderId)
          .returning('skus')
          .executeTakeFirst();
        const skus = basket?.skus ?? [];
        await sql`
          with counted as (
            select sku, other_sku from bought_together
            where sku = any(${skus}::text[]) and other_sku = any(${skus}::text[])
            order by sku, other_sku for update)
          update bought_together set orders = orders - 1 from counted
          where bought_together.sku = counted.sku
            and bought_together.other_sku = counted.other_sku`.execute(tx);
        return { products: -skus.length };
      }),
    ],
  }),
});

import { sql, type ColumnType, type Kysely } from 'kysely';
import { z } from 'zod';
import { OrderCancelled, OrderCreated } from '../events/order-events';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

interface RecommendationsSchema {
  baskets: { order_id: string; skus: string[]; uncounted: ColumnType<number, never, number> };
  bought_together: { sku: string; other_sku: string; orders: number };
}

/** What is bought in one order belongs together; a larger basket says little, and has many pairs. */
const MAX_BASKET = 50;

/** Nobody minds a recommendation that is a second old. */
const COUNT_INTERVAL_MS = 1_000;
const COUNTED_AT_ONCE = 1_000;
/** A statement has four seconds; the largest basket fits by far. */
const PAIRS_AT_ONCE = 20_000;

/** Counts how often two products were bought in one order, from the first order on. */
export const consumer = defineConsumer({
  group: 'recommendations',
  settings: z.object({}),
  history: 'all',
  batchSize: 50,
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
    '0002_uncounted': `
      -- 1: to be counted; -1: counted, and to be taken back
      alter table baskets add column uncounted smallint not null default 0;
      alter table baskets alter column uncounted set default 1;
      alter table baskets add column is_cancelled boolean not null default false;
      create index baskets_uncounted on baskets (order_id) where uncounted <> 0;`,
  },
  create: (): Behaviour<RecommendationsSchema> => ({
    reactions: [
      on(OrderCreated, async ({ data }, { tx }) => {
        const skus = [...new Set(data.lines.map(({ sku }) => sku))].sort().slice(0, MAX_BASKET);
        await tx
          .insertInto('baskets')
          .values({ order_id: data.orderId, skus })
          // Called off before this came.
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        return { products: skus.length };
      }),
      on(OrderCancelled, async ({ data }, { tx }) => {
        await sql`
          insert into baskets (order_id, skus, uncounted, is_cancelled)
          values (${data.orderId}, '{}', 0, true)
          on conflict (order_id) do update set uncounted = baskets.uncounted - 1,
            is_cancelled = true
          where not baskets.is_cancelled`.execute(tx);
      }),
    ],
    tasks: [
      {
        name: 'count baskets',
        intervalMs: COUNT_INTERVAL_MS,
        run: async (db, signal) => {
          while (!signal.aborted && (await countBaskets(db)) > 0) continue;
        },
      },
    ],
  }),
});

/**
 * Counts the baskets that are not counted yet, many in one statement: the rows of two products that
 * sell well would be waited for by every order. Returns how many there were.
 */
async function countBaskets(db: Kysely<RecommendationsSchema>): Promise<number> {
  return db.transaction().execute(async (tx) => {
    // One at a time: two would wait for each other's pairs.
    const lock = await sql<{ is_mine: boolean }>`
      select pg_try_advisory_xact_lock(hashtextextended('recommendations', 0)) as is_mine`.execute(
      tx,
    );
    if (!lock.rows[0]!.is_mine) return 0;
    const { rows } = await sql<{ taken: number }>`
      with taken as (
        select order_id, skus, uncounted from baskets
        where order_id in (
          select order_id from (
            select order_id, sum(cardinality(skus) ^ 2) over (order by order_id) as pairs
            from (select order_id, skus from baskets where uncounted <> 0
                  order by order_id limit ${COUNTED_AT_ONCE}) as next) as sized
          where pairs <= ${PAIRS_AT_ONCE})
        order by order_id for update),
      pairs as (
        select a.sku, b.sku as other_sku, sum(uncounted)::integer as orders
        from taken, unnest(skus) as a (sku), unnest(skus) as b (sku) where a.sku <> b.sku
        group by 1, 2),
      more as (
        insert into bought_together (sku, other_sku, orders) select * from pairs where orders > 0
        on conflict (sku, other_sku) do update set orders = bought_together.orders + excluded.orders),
      less as (
        update bought_together as b set orders = b.orders + pairs.orders from pairs
        where pairs.orders < 0 and b.sku = pairs.sku and b.other_sku = pairs.other_sku),
      counted as (
        update baskets set uncounted = 0 from taken where baskets.order_id = taken.order_id)
      select count(*) as taken from taken`.execute(tx);
    return Number(rows[0]!.taken);
  });
}

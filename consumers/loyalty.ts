import type { ColumnType, Transaction } from 'kysely';
import { z } from 'zod';
import { FIRST_TENANT, tenantOf, type Envelope } from '../events/envelope';
import { OrderCancelled, OrderCreated } from '../events/order-events';
import { defineConsumer, on, type Behaviour } from './runtime/consumer';

/** One point for each full hundred minor units: a point a euro. */
const MINOR_UNITS_PER_POINT = 100;

interface LoyaltySchema {
  balances: {
    tenant: string;
    customer_id: string;
    points: number;
    entries: number;
    changed_at: Date;
  };
  points: {
    tenant: string;
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
    '0004_tenants': `
      alter table points add column tenant text not null default '${FIRST_TENANT}';
      alter table points alter column tenant drop default;
      drop index points_by_customer;
      create index points_by_customer on points (tenant, customer_id);
      drop view balances;
      create view balances as
        select tenant, customer_id, sum(points)::bigint as points, count(*) as entries,
               max(recorded_at) as changed_at
        from points group by tenant, customer_id;
      grant select on balances to tandem_orders;`,
  },
  create: (): Behaviour<LoyaltySchema> => ({
    reactions: [
      on(OrderCreated, async (event, { tx }) => {
        const { data } = event;
        // Called off before this came: by the stream, or by a redrive.
        const before = await pointsOf(tx, data.orderId);
        const points = before ? 0 : Math.floor(data.totalMinor / MINOR_UNITS_PER_POINT);
        await give(tx, event, points);
        return { points };
      }),
      on(OrderCancelled, async (event, { tx }) => {
        const { data } = event;
        // A row of none says that nothing is to be given any more.
        const points = -((await pointsOf(tx, data.orderId))?.points ?? 0);
        await give(tx, event, points);
        return { points };
      }),
    ],
  }),
});

async function give(
  tx: Transaction<LoyaltySchema>,
  event: Envelope & { data: { readonly orderId: string; readonly customerId: string } },
  points: number,
): Promise<void> {
  const { orderId, customerId } = event.data;
  const ofWhom = { tenant: tenantOf(event), order_id: orderId, customer_id: customerId };
  await tx
    .insertInto('points')
    .values({ event_id: event.id, ...ofWhom, points })
    .execute();
}

/** What was given for the order so far; undefined when it has no row. */
async function pointsOf(
  tx: Transaction<LoyaltySchema>,
  orderId: string,
): Promise<{ points: number } | undefined> {
  const { points } = await tx
    .selectFrom('points')
    .select((builder) => builder.fn.sum<string | null>('points').as('points'))
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  return points === null ? undefined : { points: Number(points) };
}

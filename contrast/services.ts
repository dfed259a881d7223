import { sql, type Kysely } from 'kysely';
import type { OrdersApi } from '../dev/post-order';
import type { System } from '../dev/system';
import { withDatabase } from '../dev/with-database';
import type { KnownOrder, Product } from './design';

/** No key is asked for: these services are for a loopback interface alone. */
const NO_KEY = 'none';

/** A consumer process that died is taken over after so long, in the product too. */
export const LEASE = { CONSUMER_LEASE_SECONDS: '3' };

/** Runs `use` on the system's database, whatever design's tables are in it. */
export async function withTables<Result>(
  system: System,
  use: (db: Kysely<unknown>) => Promise<Result>,
): Promise<Result> {
  return withDatabase(system.setting('DATABASE_URL'), 'contrast', (db) =>
    use(db as unknown as Kysely<unknown>),
  );
}

/** Puts products on the shelf of a design that has services. */
export async function fillShelf(system: System, products: readonly Product[]): Promise<void> {
  await withTables(system, async (db) => {
    for (const { sku, unitPriceMinor, onHand } of products) {
      await sql`insert into contrast_orders.products values (${sku}, ${unitPriceMinor})`.execute(
        db,
      );
      await sql`insert into contrast_inventory.stock values (${sku}, ${onHand})`.execute(db);
    }
  });
}

/** Where a service that listens on this port is asked. */
export function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/** The orders of a design that has services. */
async function ordersOfServices(db: Kysely<unknown>): Promise<KnownOrder[]> {
  const { rows } = await sql<KnownOrder>`
    select customer_id as "customerId", order_id as "orderId", sku, quantity,
           total_minor as "totalMinor", ended_at as "endedAt",
           case when status in ('pending', 'undoing') then 'open' else status end as status
    from contrast_orders.orders`.execute(db);
  return rows;
}

/** What is on the shelf of a design that has services: a hold has left it. */
async function availableInServices(db: Kysely<unknown>): Promise<number> {
  const { rows } = await sql<{ units: number }>`
    select sum(on_hand)::int as units from contrast_inventory.stock`.execute(db);
  return rows[0]!.units;
}

/** The ids in a column, of a table that a change has brought. */
export async function orderIdsIn(db: Kysely<unknown>, table: string): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ order_id: string }>`
    select order_id from ${sql.table(table)}`.execute(db);
  return new Set(rows.map(({ order_id }) => order_id));
}

/** Where the orders of a service on this port are posted. */
function ordersApiOn(port: number): OrdersApi {
  return { url: urlOf(port), apiKey: NO_KEY };
}

/** What the two designs that have services of their own are alike in. */
export const SERVICES = {
  withoutTemporal: true,
  api: (system: System) => ordersApiOn(system.portOf('orders')),
  notifier: 'notification',
  holdsTable: 'contrast_inventory.holds',
  orders: ordersOfServices,
  available: availableInServices,
} as const;

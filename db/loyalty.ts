import { sql } from 'kysely';
import type { Database } from './database';

/**
 * A customer's points, 0 for one who has none. The consumer `loyalty` keeps them, and may lag;
 * undefined where it does not run.
 */
export async function findPoints(
  db: Database,
  { tenant, customerId }: { tenant: string; customerId: string },
): Promise<number | undefined> {
  const there = await sql<{ is_there: boolean }>`
    select to_regclass('loyalty.balances') is not null as is_there`.execute(db);
  if (!there.rows[0]!.is_there) return undefined;
  const { rows } = await sql<{ points: number }>`
    select points from loyalty.balances
    where tenant = ${tenant} and customer_id = ${customerId}`.execute(db);
  return rows[0]?.points ?? 0;
}

import { sql } from 'kysely';
import type { Database } from './database';

/** A product that was bought together with another. */
export interface Recommendation {
  readonly sku: string;
  /** In how many orders. */
  readonly orders: number;
}

/**
 * What was bought together with a product, the most often first. The consumer `recommendations`
 * counts it, and may lag.
 */
export async function listRecommendations(
  db: Database,
  sku: string,
  limit: number,
): Promise<Recommendation[]> {
  const { rows } = await sql<Recommendation>`
    select other_sku as sku, orders from recommendations.bought_together
    where sku = ${sku} and orders > 0 order by orders desc, other_sku limit ${limit}`.execute(db);
  return rows;
}

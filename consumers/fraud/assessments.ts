import { sql, type Transaction } from 'kysely';
import { FIRST_TENANT } from '../../events/envelope';
import {
  scoreOf,
  suspectCard,
  suspectCustomer,
  type CardFacts,
  type CustomerFacts,
  type Reason,
} from './rules';

/** Orders and declines within this time count as one burst. */
const BURST = sql`interval '10 minutes'`;
/**
 * Orders of one customer are in many partitions: one that was placed so much later may be handled
 * first, and counts all the same.
 */
const OUT_OF_ORDER = sql`interval '1 minute'`;
/** Customers that pay with one card are counted over this time. */
const SHARED_CARD = sql`interval '1 day'`;
/** No rule counts further, and no customer makes the queries slow. */
const MAX_COUNTED = 50;

/** The tables of the consumer `fraud`. */
export interface FraudSchema {
  assessments: {
    order_id: string;
    tenant: string;
    customer_id: string;
    currency: string;
    total_minor: number;
    placed_at: string;
    card_fingerprint: string | null;
    reasons: Reason[];
    score: number;
  };
  declines: { order_id: string; tenant: string; customer_id: string; declined_at: string };
}

/** One row an order: its assessment is the decision. */
export const ASSESSMENTS_TABLES = `
  create table assessments (
    order_id text primary key,
    customer_id text not null,
    currency text not null,
    total_minor bigint not null,
    placed_at timestamptz not null,
    card_fingerprint text,
    reasons text[] not null default '{}',
    score integer not null default 0
  );
  create index assessments_by_customer on assessments (customer_id, placed_at);
  create index assessments_by_card on assessments (card_fingerprint, placed_at)
    where card_fingerprint is not null;
  create table declines (
    order_id text primary key,
    customer_id text not null,
    declined_at timestamptz not null
  );
  create index declines_by_customer on declines (customer_id, declined_at);`;

/** Customers are a tenant's own: the same id at another is somebody else. A card is one everywhere. */
export const ASSESSMENTS_TENANTS = `
  alter table assessments add column tenant text not null default '${FIRST_TENANT}';
  alter table assessments alter column tenant drop default;
  drop index assessments_by_customer;
  create index assessments_by_customer on assessments (tenant, customer_id, placed_at);
  alter table declines add column tenant text not null default '${FIRST_TENANT}';
  alter table declines alter column tenant drop default;
  drop index declines_by_customer;
  create index declines_by_customer on declines (tenant, customer_id, declined_at);`;

/** An order as it was placed. */
export interface Placed {
  readonly orderId: string;
  readonly tenant: string;
  readonly customerId: string;
  readonly currency: string;
  readonly totalMinor: number;
  /** ISO 8601, by the event. */
  readonly time: string;
}

/** How suspicious an order is now. */
export interface Assessment {
  readonly customerId: string;
  readonly reasons: readonly Reason[];
  readonly score: number;
  /** More suspicious than it was before. */
  readonly hasGrown: boolean;
}

/** Judges an order by what its customer did before. */
export async function assessOrder(
  tx: Transaction<FraudSchema>,
  { orderId, tenant, customerId, currency, totalMinor, time }: Placed,
): Promise<Assessment> {
  await oneAtATime(tx, `customer ${tenant} ${customerId}`);
  await tx
    .insertInto('assessments')
    .values({
      ...{ order_id: orderId, tenant, customer_id: customerId },
      ...{ currency, total_minor: totalMinor },
      ...{ placed_at: time, card_fingerprint: null, reasons: [], score: 0 },
    })
    .execute();
  const { rows } = await sql<CustomerFacts>`
    with earlier as (
      select total_minor from assessments
      where tenant = ${tenant} and customer_id = ${customerId} and currency = ${currency} and order_id <> ${orderId}
        and placed_at <= ${time}::timestamptz
      order by placed_at desc limit ${MAX_COUNTED})
    select
      (select count(*) from (
        select from assessments where tenant = ${tenant} and customer_id = ${customerId}
          and placed_at > ${time}::timestamptz - ${BURST}
          and placed_at <= ${time}::timestamptz + ${OUT_OF_ORDER}
        limit ${MAX_COUNTED}) as burst) as "recentOrders",
      (select count(*) from (
        select from declines where tenant = ${tenant} and customer_id = ${customerId}
          and declined_at > ${time}::timestamptz - ${BURST}
          and declined_at <= ${time}::timestamptz + ${OUT_OF_ORDER}
        limit ${MAX_COUNTED}) as burst) as "recentDeclines",
      (select count(*) from earlier) as "earlierOrders",
      (select coalesce(avg(total_minor), 0)::float8 from earlier) as "usualMinor"`.execute(tx);
  return addReasons(tx, orderId, suspectCustomer(totalMinor, rows[0]!));
}

/** Judges it again by what its card did before; undefined when the order was never assessed. */
export async function assessCard(
  tx: Transaction<FraudSchema>,
  { orderId, fingerprint }: { orderId: string; fingerprint: string },
): Promise<Assessment | undefined> {
  await oneAtATime(tx, `card ${fingerprint}`);
  const order = await tx
    .updateTable('assessments')
    .set({ card_fingerprint: fingerprint })
    .where('order_id', '=', orderId)
    .returning('placed_at')
    .executeTakeFirst();
  if (!order) return undefined;
  const { rows } = await sql<CardFacts>`
    with used as (
      select tenant, customer_id, placed_at from assessments
      where card_fingerprint = ${fingerprint}
        and placed_at <= ${order.placed_at}::timestamptz + ${OUT_OF_ORDER}
        and placed_at > ${order.placed_at}::timestamptz - ${SHARED_CARD}
      order by placed_at desc limit ${MAX_COUNTED})
    select count(distinct (tenant, customer_id)) as customers,
           count(*) filter (where placed_at > ${order.placed_at}::timestamptz - ${BURST})
             as "recentOrders"
    from used`.execute(tx);
  return addReasons(tx, orderId, suspectCard(rows[0]!));
}

/** Remembers that a customer's card was declined. */
export async function recordDecline(
  tx: Transaction<FraudSchema>,
  { orderId, tenant, customerId, time }: Pick<Placed, 'orderId' | 'tenant' | 'customerId' | 'time'>,
): Promise<void> {
  await oneAtATime(tx, `customer ${tenant} ${customerId}`);
  await tx
    .insertInto('declines')
    .values({ order_id: orderId, tenant, customer_id: customerId, declined_at: time })
    .execute();
}

/** Orders of one customer are in many partitions: two at once would each not see the other. */
async function oneAtATime(tx: Transaction<FraudSchema>, what: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`fraud ${what}`}, 0))`.execute(tx);
}

async function addReasons(
  tx: Transaction<FraudSchema>,
  orderId: string,
  found: readonly Reason[],
): Promise<Assessment> {
  const before = await tx
    .selectFrom('assessments')
    .select(['reasons', 'score', 'customer_id as customerId'])
    .where('order_id', '=', orderId)
    .executeTakeFirstOrThrow();
  const reasons = [...new Set([...before.reasons, ...found])];
  const score = scoreOf(reasons);
  const hasGrown = score > before.score;
  if (hasGrown) {
    const update = tx.updateTable('assessments').set({ reasons, score });
    await update.where('order_id', '=', orderId).execute();
  }
  return { customerId: before.customerId, reasons, score, hasGrown };
}

import { sql, type Kysely } from 'kysely';
import { registeredGroups } from '../db/consumers/registered-groups';
import type { Database } from '../db/database';
import type { KnownIntent } from '../dev/payment-simulator/client';
import { PARTITIONS, streamKey } from '../events/streams';
import type { Redis } from '../platform/redis';

/** Where the truth is looked up, independent of what the application says of itself. */
export interface Evidence {
  readonly db: Database;
  readonly redis: Redis;
  /** What was put on the shelves at first. */
  readonly initialStock: ReadonlyMap<string, number>;
  /** Everything that the payment provider knows. */
  readonly intents: () => Promise<KnownIntent[]>;
}

/**
 * What must hold of all orders there are, once all have ended, by the evidence of the database, the
 * streams and the payment provider. Returns what does not; see design: "What must hold, always".
 */
export async function violations(evidence: Evidence): Promise<string[]> {
  const found = await Promise.all([
    unendedOrders(evidence),
    leakedHolds(evidence),
    wrongStock(evidence),
    wrongMoney(evidence),
    wrongEvents(evidence),
    wrongPoints(evidence),
  ]);
  return found.flat();
}

async function listOf(
  evidence: Evidence,
  what: string,
  query: ReturnType<typeof sql<{ id: string }>>,
) {
  const { rows } = await query.execute(evidence.db);
  return rows.map(({ id }) => `${what}: ${id}`);
}

async function unendedOrders(evidence: Evidence): Promise<string[]> {
  return listOf(
    evidence,
    'an order without an end',
    sql`
    select order_id as id from orders.orders where status = 'pending'`,
  );
}

async function leakedHolds(evidence: Evidence): Promise<string[]> {
  return listOf(
    evidence,
    'a hold that does not fit its order',
    sql`
    select o.order_id as id from orders.orders as o
    left join inventory.holds as h using (order_id)
    where h.state is distinct from (case
        when o.status = 'confirmed' then 'committed'
        when o.status = 'cancelled' and exists (
          select from orders.journal j where j.event_id = o.order_id || '/OrderCreated/1')
          then 'returned'
        when h.state is null then null
        else 'released' end)`,
  );
}

/** What was committed has left the shelf, nothing else has, and nothing is reserved for nobody. */
async function wrongStock(evidence: Evidence): Promise<string[]> {
  const reserved = await listOf(
    evidence,
    'stock that is reserved for nobody',
    sql`
    select sku as id from inventory.stock where reserved <> (
      select coalesce(sum(quantity), 0) from inventory.hold_lines as l
      join inventory.holds as h using (order_id) where l.sku = stock.sku and h.state = 'held')`,
  );
  const { rows } = await sql<{ sku: string; total: number }>`
    select sku, (on_hand + (
      select coalesce(sum(quantity), 0) from inventory.hold_lines as l
      join inventory.holds as h using (order_id)
      where l.sku = stock.sku and h.state = 'committed'))::int as total
    from inventory.stock`.execute(evidence.db);
  const lost = rows.filter(({ sku, total }) => (evidence.initialStock.get(sku) ?? total) !== total);
  return [...reserved, ...lost.map(({ sku }) => `stock that was lost or made: ${sku}`)];
}

/** Kept once in full of a confirmed order; nothing kept or set aside of any other. */
async function wrongMoney(evidence: Evidence): Promise<string[]> {
  const orders = await evidence.db
    .selectFrom('orders.orders')
    .select(['order_id', 'status', 'total_minor'])
    .execute();
  const intents = await evidence.intents();
  return orders.flatMap(({ order_id, status, total_minor }) => {
    const own = intents.filter(({ metadata }) => metadata.orderId === order_id);
    const captured = own.reduce((sum, i) => sum + i.amount_received - i.amount_refunded, 0);
    const open = own.filter((intent) => intent.status === 'requires_capture');
    const due = status === 'confirmed' ? total_minor : 0;
    return captured === due && open.length === 0 && own.length <= 1
      ? []
      : [`money: ${order_id} is ${status}, captured ${captured} of ${due}, ${open.length} open`];
  });
}

/** One OrderCreated for each confirmed order and none for any other; each published, with its body. */
async function wrongEvents(evidence: Evidence): Promise<string[]> {
  const wrong = await listOf(
    evidence,
    'an order whose events do not fit it',
    sql`
    select o.order_id as id from orders.orders as o
    where (o.status in ('rejected', 'failed', 'pending')) = exists (
        select from orders.journal as j where j.order_id = o.order_id and j.name = 'OrderCreated')
        and o.status <> 'cancelled'
      or o.status <> 'pending' and not exists (
        select from orders.journal as j
        where j.order_id = o.order_id and j.name = 'Order' || case o.status
          when 'confirmed' then 'Created' else initcap(o.status) end)
      or (select count(*) from orders.journal as j where j.order_id = o.order_id
          and j.name in ('OrderRejected', 'OrderFailed', 'OrderCancelled')) > 1
      or exists (
        select from orders.journal as j where j.order_id = o.order_id
        and j.event_id is not null and j.stream_id is null)
      or o.journal_sequence <> (select count(*) from orders.journal as j where j.order_id = o.order_id)`,
  );

  // Consumers may still react: what they publish was recorded before, so it is read before.
  const published = await readStreams(evidence);
  const recorded = await readRecorded(evidence);
  const seen = new Set<string>();
  const inStreams = published.flatMap(({ id, ce }) => {
    if (recorded.get(id) !== ce) return [`an event that nobody has recorded: ${id}`];
    if (seen.has(id)) return [`an event that is in the stream twice: ${id}`];
    seen.add(id);
    return [];
  });
  return [...wrong, ...inStreams];
}

/** The text of every event in the orders' journal and in the consumers' outboxes, by its id. */
async function readRecorded({ db }: Evidence): Promise<Map<string, string>> {
  const groups = await registeredGroups(db as unknown as Kysely<unknown>);
  const sources = [
    sql`select event_id, event_body from orders.journal where event_id is not null`,
    ...groups.map((group) => sql`select event_id, body from ${sql.id(group, 'outbox')}`),
  ];
  const { rows } = await sql<{ event_id: string; event_body: string }>`${sql.join(
    sources,
    sql` union all `,
  )}`.execute(db);
  return new Map(rows.map(({ event_id, event_body }) => [event_id, event_body]));
}

async function readStreams(evidence: Evidence): Promise<{ id: string; ce: string }[]> {
  const streams = await Promise.all(
    PARTITIONS.map((partition) => evidence.redis.xRange(streamKey(partition), '-', '+')),
  );
  return streams.flatMap((entries) =>
    (entries ?? []).map(({ message }) => ({ id: message['id']!, ce: message['ce']! })),
  );
}

/** Points for each order that stands, none for any other; only where loyalty runs at all. */
async function wrongPoints(evidence: Evidence): Promise<string[]> {
  const { rows } = await sql<{ there: string | null }>`
    select to_regclass('loyalty.points')::text as there`.execute(evidence.db);
  if (!rows[0]?.there) return [];
  return listOf(
    evidence,
    'points that do not fit an order',
    sql`
    select p.order_id as id from loyalty.points as p
    left join orders.orders as o using (order_id)
    -- A consumer may lag: what it was not told yet is not held against it.
    where not exists (
      select from orders.journal as j
      where j.order_id = p.order_id and j.name = 'OrderCancelled'
        and not exists (select from loyalty.inbox as i where i.event_id = j.event_id))
    group by p.order_id, o.status, o.total_minor
    having (o.status = 'confirmed' and sum(p.points) <> o.total_minor / 100)
      or (o.status is distinct from 'confirmed' and count(*) <> 2 and sum(p.points) <> 0)
      or count(*) > 2`,
  );
}

import { sql } from 'kysely';
import { PARTITIONS, streamKey } from '../../events/streams';
import type { Stack } from './stack';

/**
 * What must hold of all orders there are, once all have ended, by the evidence of the database, the
 * streams and the payment provider. Returns what does not; see design: "What must hold, always".
 */
export async function violations(stack: Stack): Promise<string[]> {
  const found = await Promise.all([
    unendedOrders(stack),
    leakedHolds(stack),
    wrongStock(stack),
    wrongMoney(stack),
    wrongEvents(stack),
    wrongPoints(stack),
  ]);
  return found.flat();
}

async function listOf(stack: Stack, what: string, query: ReturnType<typeof sql<{ id: string }>>) {
  const { rows } = await query.execute(stack.db);
  return rows.map(({ id }) => `${what}: ${id}`);
}

async function unendedOrders(stack: Stack): Promise<string[]> {
  return listOf(
    stack,
    'an order without an end',
    sql`
    select order_id as id from orders.orders where status = 'pending'`,
  );
}

async function leakedHolds(stack: Stack): Promise<string[]> {
  return listOf(
    stack,
    'a hold that does not fit its order',
    sql`
    select o.order_id as id from orders.orders as o
    left join inventory.holds as h using (order_id)
    where (o.status = 'confirmed') <> (h.state is not distinct from 'committed')
       or h.state = 'held'`,
  );
}

/** What was committed has left the shelf, nothing else has, and nothing is reserved for nobody. */
async function wrongStock(stack: Stack): Promise<string[]> {
  const reserved = await listOf(
    stack,
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
    from inventory.stock`.execute(stack.db);
  const lost = rows.filter(({ sku, total }) => (stack.initialStock.get(sku) ?? total) !== total);
  return [...reserved, ...lost.map(({ sku }) => `stock that was lost or made: ${sku}`)];
}

/** Captured once in full for a confirmed order; nothing captured or set aside for any other. */
async function wrongMoney(stack: Stack): Promise<string[]> {
  const orders = await stack.db
    .selectFrom('orders.orders')
    .select(['order_id', 'status', 'total_minor'])
    .execute();
  const intents = await stack.intents();
  return orders.flatMap(({ order_id, status, total_minor }) => {
    const own = intents.filter(({ metadata }) => metadata.orderId === order_id);
    const captured = own.reduce((sum, { amount_received }) => sum + amount_received, 0);
    const open = own.filter((intent) => intent.status === 'requires_capture');
    const due = status === 'confirmed' ? total_minor : 0;
    return captured === due && open.length === 0 && own.length <= 1
      ? []
      : [`money: ${order_id} is ${status}, captured ${captured} of ${due}, ${open.length} open`];
  });
}

/** One OrderCreated for each confirmed order and none for any other; each published, with its body. */
async function wrongEvents(stack: Stack): Promise<string[]> {
  const wrong = await listOf(
    stack,
    'an order whose events do not fit it',
    sql`
    select o.order_id as id from orders.orders as o
    where (o.status = 'confirmed') <> exists (
        select from orders.journal as j where j.order_id = o.order_id and j.name = 'OrderCreated')
      or exists (
        select from orders.journal as j where j.order_id = o.order_id
        and j.event_id is not null and j.stream_id is null)
      or o.journal_sequence <> (select count(*) from orders.journal as j where j.order_id = o.order_id)`,
  );

  const rows = await stack.db
    .selectFrom('orders.journal')
    .select(['event_id', 'event_body'])
    .where('event_id', 'is not', null)
    .execute();
  const journal = new Map(rows.map(({ event_id, event_body }) => [event_id, event_body]));
  const seen = new Set<string>();
  const inStreams = (await readStreams(stack)).flatMap(({ id, ce }) => {
    if (journal.get(id) !== ce) return [`an event that is not in the journal: ${id}`];
    if (seen.has(id)) return [`an event that is in the stream twice: ${id}`];
    seen.add(id);
    return [];
  });
  return [...wrong, ...inStreams];
}

async function readStreams(stack: Stack): Promise<{ id: string; ce: string }[]> {
  const streams = await Promise.all(
    PARTITIONS.map((partition) => stack.redis.xRange(streamKey(partition), '-', '+')),
  );
  return streams.flatMap((entries) =>
    (entries ?? []).map(({ message }) => ({ id: message['id']!, ce: message['ce']! })),
  );
}

async function wrongPoints(stack: Stack): Promise<string[]> {
  return listOf(
    stack,
    'points that do not fit an order',
    sql`
    select p.order_id as id from loyalty.points as p
    left join orders.orders as o using (order_id)
    where o.status is distinct from 'confirmed' or p.points <> o.total_minor / 100
    union all
    select order_id from loyalty.points group by order_id having count(*) > 1`,
  );
}

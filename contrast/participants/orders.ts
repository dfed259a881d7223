import { sql, type Kysely } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';

/** More of one product in one order is a mistake. */
const MAX_QUANTITY = 100;

/** An order as a client posts it: one line, which is enough to compare by. */
export const orderRequest = z.object({
  customer: z.object({ id: z.string().min(1).max(100), email: z.email() }),
  lines: z.tuple([
    z.object({ sku: z.string().min(1).max(100), quantity: z.int().min(1).max(MAX_QUANTITY) }),
  ]),
  paymentMethod: z.string().min(1).max(100),
});

/** What an order comes to: `undoing` is on its way to `rejected` or `failed`. */
export type OrderStatus = 'pending' | 'undoing' | 'confirmed' | 'rejected' | 'failed';

/** An order, as the service that owns orders keeps it. */
export interface Order {
  order_id: string;
  idempotency_key: string;
  customer_id: string;
  email: string;
  sku: string;
  quantity: number;
  total_minor: number;
  payment_method: string;
  status: OrderStatus;
  code: string | null;
  is_captured: boolean;
  placed_at: Date;
  ended_at: Date | null;
}

/** The tables of the orders' service. */
export interface OrdersSchema {
  products: { sku: string; unit_price_minor: number };
  orders: Order;
}

/** {@link OrdersSchema} in SQL, made in the service's own schema. */
export const ORDERS_TABLES = `
  create table products (sku text primary key, unit_price_minor integer not null);
  create table orders (
    order_id text primary key,
    idempotency_key text not null unique,
    customer_id text not null,
    email text not null,
    sku text not null,
    quantity integer not null check (quantity > 0),
    total_minor integer not null,
    payment_method text not null,
    status text not null default 'pending'
      check (status in ('pending', 'undoing', 'confirmed', 'rejected', 'failed')),
    code text,
    is_captured boolean not null default false,
    placed_at timestamptz not null default now(),
    ended_at timestamptz
  );
  create index orders_open on orders (placed_at)
    where status in ('pending', 'undoing') or (status = 'confirmed' and not is_captured);`;

/** Saves the order, once for each key; undefined when there is no such product. */
export async function saveOrder(
  db: Kysely<OrdersSchema>,
  key: string,
  { customer, lines: [line], paymentMethod }: z.infer<typeof orderRequest>,
): Promise<{ order: Order; isNew: boolean } | undefined> {
  const product = await db
    .selectFrom('products')
    .selectAll()
    .where('sku', '=', line.sku)
    .executeTakeFirst();
  if (!product) return undefined;
  const saved = await db
    .insertInto('orders')
    .values({
      order_id: `ord_${uuidv7()}`,
      ...{ idempotency_key: key, customer_id: customer.id, email: customer.email },
      ...{ sku: line.sku, quantity: line.quantity, payment_method: paymentMethod },
      total_minor: product.unit_price_minor * line.quantity,
      ...{ status: 'pending', is_captured: false, placed_at: sql<Date>`now()` },
    })
    .onConflict((conflict) => conflict.column('idempotency_key').doNothing())
    .returningAll()
    .executeTakeFirst();
  if (saved) return { order: saved, isNew: true };
  const before = db.selectFrom('orders').selectAll().where('idempotency_key', '=', key);
  return { order: await before.executeTakeFirstOrThrow(), isNew: false };
}

/** Moves the order on, if it still stands where it is thought to; undefined when it does not. */
export async function moveOrder(
  db: Kysely<OrdersSchema>,
  orderId: string,
  from: OrderStatus,
  to: OrderStatus,
  code: string | null = null,
): Promise<Order | undefined> {
  const hasEnded = to !== 'undoing';
  return db
    .updateTable('orders')
    .set({ status: to, code, ...(hasEnded ? { ended_at: sql<Date>`now()` } : {}) })
    .where('order_id', '=', orderId)
    .where('status', '=', from)
    .returningAll()
    .executeTakeFirst();
}

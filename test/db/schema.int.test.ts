import { sql } from 'kysely';
import { migrateOrders } from '../../db/migrate';
import { stockProduct } from '../../dev/catalogue';
import { FULFILMENT_TRANSITIONS, ORDER_TRANSITIONS, PAYMENT_TRANSITIONS } from '../../domain/order';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder } from '../jest/new-order';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 10);
});
afterAll(() => database.close());

test('migrating again, twice at once, runs nothing and harms nothing', async () => {
  const runs = [database.connect<unknown>({}), database.connect<unknown>({})].map(migrateOrders);
  expect(await Promise.all(runs)).toEqual([[], []]);
});

test.each([
  ['status', ORDER_TRANSITIONS],
  ['payment_status', PAYMENT_TRANSITIONS],
  ['fulfilment_status', FULFILMENT_TRANSITIONS],
])(
  'the database allows exactly the changes of %s that the domain allows',
  async (column, table) => {
    const order = await savePendingOrder(database.db, [{ sku: 'TEA', quantity: 1 }]);
    const admin = database.connect<unknown>({});
    const states = Object.keys(table);

    const setState = (state: string) => sql`
    update orders.orders set ${sql.ref(column)} = ${state}, outcome_code = 'x'
    where order_id = ${order.orderId}`;
    const force = (state: string) =>
      admin.transaction().execute(async (tx) => {
        await sql`set local session_replication_role = replica`.execute(tx);
        await setState(state).execute(tx);
      });

    for (const from of states) {
      for (const to of states.filter((state) => state !== from)) {
        await force(from);
        const isAllowed = (table as Record<string, readonly string[]>)[from]!.includes(to);
        const change = setState(to).execute(database.db);
        if (isAllowed) await expect(change).resolves.toBeDefined();
        else await expect(change).rejects.toMatchObject({ code: '23514' });
      }
    }
  },
);

test('a consumer can use its own schema and see nothing of the orders or of another consumer', async () => {
  const loyalty = database.connect<unknown>({ role: 'tandem_loyalty', searchPath: 'loyalty' });
  await expect(sql`select * from points`.execute(loyalty)).resolves.toBeDefined();
  for (const table of [
    'orders.orders',
    'inventory.stock',
    'payments.payments',
    'notification.mails',
  ]) {
    const reading = sql`select * from ${sql.table(table)}`.execute(loyalty);
    await expect(reading).rejects.toMatchObject({ code: '42501' });
  }
});

test('stock can go below nothing by no statement', async () => {
  const broken = sql`update inventory.stock set reserved = on_hand + 1 where sku = 'TEA'`;
  await expect(broken.execute(database.db)).rejects.toMatchObject({ code: '23514' });
});

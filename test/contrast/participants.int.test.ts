import { sql, type Kysely, type Transaction } from 'kysely';
import type { PaymentProvider } from '../../activities/payment-provider';
import {
  INVENTORY_TABLES,
  release,
  reserve,
  type InventorySchema,
} from '../../contrast/participants/inventory';
import {
  moveOrder,
  ORDERS_TABLES,
  saveOrder,
  type OrdersSchema,
} from '../../contrast/participants/orders';
import { PAYMENT_TABLES, Payments, type PaymentSchema } from '../../contrast/participants/payment';
import { createTestDatabase, type TestDatabase } from '../jest/database';

type Schema = InventorySchema & OrdersSchema & PaymentSchema;

let database: TestDatabase;
let db: Kysely<Schema>;
beforeEach(async () => {
  database = await createTestDatabase();
  db = database.connect<Schema>({ searchPath: 'contrast' });
  await sql.raw(`create schema contrast`).execute(db);
  await sql.raw(`${ORDERS_TABLES} ${INVENTORY_TABLES} ${PAYMENT_TABLES}`).execute(db);
  await sql`insert into stock values ('TEA', 5)`.execute(db);
  await sql`insert into products values ('TEA', 100)`.execute(db);
});
afterEach(() => database.close());

const inTurn = <Result>(run: (tx: never) => Promise<Result>) =>
  db.transaction().execute((tx) => run(tx as unknown as never));
const onHand = async () => (await db.selectFrom('stock').select('on_hand').execute())[0]!.on_hand;
const wanted = { orderId: 'ord_1', sku: 'TEA', quantity: 2 };

describe('the inventory', () => {
  test('holds once, however often it is asked', async () => {
    for (let i = 0; i < 3; i += 1) {
      expect(await inTurn((tx) => reserve(tx, wanted))).toBe('held');
    }
    expect(await onHand()).toBe(3);
  });

  test('gives back once, and holds nothing that comes late', async () => {
    await inTurn((tx) => reserve(tx, wanted));
    for (let i = 0; i < 2; i += 1) await inTurn((tx) => release(tx, 'ord_1'));
    expect(await onHand()).toBe(5);

    await inTurn((tx) => release(tx, 'ord_2'));
    expect(await inTurn((tx) => reserve(tx, { ...wanted, orderId: 'ord_2' }))).toBe('released');
    expect(await onHand()).toBe(5);
  });

  test('refuses more than there is, and stands by it', async () => {
    const many = { ...wanted, quantity: 6 };
    expect(await inTurn((tx) => reserve(tx, many))).toBe('refused');
    expect(await inTurn((tx) => reserve(tx, many))).toBe('refused');
    await inTurn((tx) => release(tx, 'ord_1'));
    expect(await onHand()).toBe(5);
  });

  test('never holds more than there is, with many at once', async () => {
    const states = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        inTurn((tx) => reserve(tx, { ...wanted, orderId: `ord_${i}` })),
      ),
    );
    expect(states.filter((state) => state === 'held')).toHaveLength(2);
    expect(await onHand()).toBe(1);
  });
});

describe('the payment service', () => {
  const charge = { orderId: 'ord_1', amountMinor: 100, currency: 'EUR', paymentMethod: 'card' };

  /** A provider that notes what it is asked. */
  function provider(authorized: object, unknown?: string) {
    const asked: string[] = [];
    const note = (what: string, answer: unknown) => () => {
      asked.push(what);
      return Promise.resolve(answer);
    };
    const payments = new Payments({
      authorize: note('authorize', authorized),
      capture: note('capture', {}),
      cancel: note('cancel', {}),
      findUnknown: note('findUnknown', unknown),
    } as unknown as PaymentProvider);
    return { asked, payments };
  }
  const yes = { outcome: 'answered', intent: { id: 'pi_1' } };

  test('authorizes and captures once', async () => {
    const { asked, payments } = provider(yes);
    for (let i = 0; i < 2; i += 1) await inTurn((tx) => payments.authorize(tx, charge));
    for (let i = 0; i < 2; i += 1) await inTurn((tx) => payments.capture(tx, charge));
    expect(asked).toEqual(['authorize', 'capture']);
  });

  test('voids what was authorized, once, and captures nothing afterwards', async () => {
    const { asked, payments } = provider(yes);
    await inTurn((tx) => payments.authorize(tx, charge));
    for (let i = 0; i < 2; i += 1) await inTurn((tx) => payments.void(tx, charge));
    await inTurn((tx) => payments.capture(tx, charge));
    expect(asked).toEqual(['authorize', 'cancel']);
  });

  test('looks for what nobody has heard of, and bars an authorization that comes late', async () => {
    const { asked, payments } = provider(yes, 'pi_lost');
    await inTurn((tx) => payments.void(tx, charge));
    expect(await inTurn((tx) => payments.authorize(tx, charge))).toBe('voided');
    expect(asked).toEqual(['findUnknown', 'cancel']);
  });

  test('has nothing to void of a card that was declined', async () => {
    const { asked, payments } = provider({ outcome: 'declined' });
    expect(await inTurn((tx) => payments.authorize(tx, charge))).toBe('declined');
    await inTurn((tx) => payments.void(tx, charge));
    expect(asked).toEqual(['authorize']);
  });
});

test('one order a key, and its status goes one way', async () => {
  const request = {
    ...{ customer: { id: 'cus_1', email: 'a@example.com' }, paymentMethod: 'pm_card_visa' },
    lines: [{ sku: 'TEA', quantity: 2 }] as [{ sku: string; quantity: number }],
  };
  const saved = await Promise.all(
    Array.from({ length: 5 }, () => saveOrder(db as unknown as Kysely<OrdersSchema>, 'k', request)),
  );
  const ids = new Set(saved.map((one) => one!.order.order_id));
  expect([ids.size, saved.filter((one) => one!.isNew).length]).toEqual([1, 1]);
  const orders = db as unknown as Transaction<OrdersSchema>;
  const [id] = ids as unknown as [string];
  expect(await moveOrder(orders, id, 'pending', 'confirmed')).toMatchObject({ total_minor: 200 });
  expect(await moveOrder(orders, id, 'pending', 'failed', 'timed_out')).toBeUndefined();
});

import { releaseStock, reserveStock, returnStock } from '../../db/inventory';
import { confirmOrder } from '../../db/order-endings';
import { stockProduct } from '../../dev/catalogue';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { savePendingOrder, stockOf } from '../jest/new-order';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.close());

test('reserves all lines or none', async () => {
  const { db } = database;
  await stockProduct(db, 'ALL-A', 10);
  await stockProduct(db, 'ALL-B', 1);
  const lines = [
    { sku: 'ALL-A', quantity: 2 },
    { sku: 'ALL-B', quantity: 2 },
  ];
  expect(await reserveStock(db, 'all-1', lines)).toEqual({
    outcome: 'short',
    shortages: [{ sku: 'ALL-B', wanted: 2, available: 1 }],
  });
  expect(await stockOf(db, 'ALL-A')).toEqual({ on_hand: 10, reserved: 0 });
});

test('adds the same SKU on two lines up before it looks', async () => {
  const { db } = database;
  await stockProduct(db, 'TWICE', 3);
  const line = { sku: 'TWICE', quantity: 2 };
  expect(await reserveStock(db, 'twice-1', [line, line])).toMatchObject({
    outcome: 'short',
    shortages: [{ wanted: 4, available: 3 }],
  });
});

test('reserves once, however often it is asked', async () => {
  const { db } = database;
  await stockProduct(db, 'ONCE', 10);
  const lines = [{ sku: 'ONCE', quantity: 3 }];
  for (let i = 0; i < 3; i++) {
    expect(await reserveStock(db, 'once-1', lines)).toEqual({ outcome: 'reserved' });
  }
  expect(await stockOf(db, 'ONCE')).toEqual({ on_hand: 10, reserved: 3 });
});

test('releases once, however often it is asked, and refuses a reserve that comes after', async () => {
  const { db } = database;
  await stockProduct(db, 'LATE', 10);
  const lines = [{ sku: 'LATE', quantity: 3 }];
  await reserveStock(db, 'late-1', lines);
  await releaseStock(db, 'late-1');
  await releaseStock(db, 'late-1');
  expect(await stockOf(db, 'LATE')).toEqual({ on_hand: 10, reserved: 0 });
  expect(await reserveStock(db, 'late-1', lines)).toEqual({ outcome: 'released' });

  await releaseStock(db, 'late-2');
  expect(await reserveStock(db, 'late-2', lines)).toEqual({ outcome: 'released' });
  expect(await stockOf(db, 'LATE')).toEqual({ on_hand: 10, reserved: 0 });
});

test('a committed hold takes its stock off the shelf once, cannot be released, and is returned once', async () => {
  const { db } = database;
  await stockProduct(db, 'SOLD', 10);
  const lines = [{ sku: 'SOLD', quantity: 4 }];
  const { orderId } = await savePendingOrder(db, lines);
  await reserveStock(db, orderId, lines);
  for (let i = 0; i < 2; i++) await confirmOrder(db, orderId, () => Promise.resolve('sealed'));
  expect(await releaseStock(db, orderId)).toBe(false);
  expect(await stockOf(db, 'SOLD')).toEqual({ on_hand: 6, reserved: 0 });
  for (let i = 0; i < 2; i++) await returnStock(db, orderId);
  expect(await stockOf(db, 'SOLD')).toEqual({ on_hand: 10, reserved: 0 });
  expect(await reserveStock(db, orderId, lines)).toEqual({ outcome: 'released' });
});

test('a second attempt to reserve finds the first one, also when nothing is left for another', async () => {
  const { db } = database;
  await stockProduct(db, 'TWIN', 4);
  const lines = [{ sku: 'TWIN', quantity: 4 }];
  const twins = await Promise.all([1, 2, 3].map(() => reserveStock(db, 'twin', lines)));
  expect(twins).toEqual(Array(3).fill({ outcome: 'reserved' }));
  expect(await stockOf(db, 'TWIN')).toEqual({ on_hand: 4, reserved: 4 });
});

test('200 buyers of two products in opposite orders: 50 get them, nobody waits in a ring', async () => {
  const { db } = database;
  await stockProduct(db, 'HOT-A', 50);
  await stockProduct(db, 'HOT-B', 200);
  const lines = [
    { sku: 'HOT-A', quantity: 1 },
    { sku: 'HOT-B', quantity: 1 },
  ];
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      reserveStock(db, `hot-${i}`, i % 2 ? lines : [...lines].reverse()),
    ),
  );
  expect(outcomes.filter(({ outcome }) => outcome === 'reserved')).toHaveLength(50);
  expect(await stockOf(db, 'HOT-A')).toEqual({ on_hand: 50, reserved: 50 });
  expect(await stockOf(db, 'HOT-B')).toEqual({ on_hand: 200, reserved: 50 });
});

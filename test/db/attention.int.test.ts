import { noteAttention, recordDecision, settleByHand } from '../../db/attention';
import { readJournal } from '../../db/journal';
import { findOrder } from '../../db/orders';
import { stockProduct } from '../../dev/catalogue';
import { createTestDatabase, type TestDatabase } from '../jest/database';
import { saveReservedOrder } from '../jest/new-order';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await stockProduct(database.db, 'TEA', 1_000);
});
afterAll(() => database.close());

const reservedOrder = () => saveReservedOrder(database.db, [{ sku: 'TEA', quantity: 2 }]);

test('a note that comes after the decision about it stays away, and one of a later try does not', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  const [step, by, why] = ['capture payment', 'ada', 'Stripe mended it'];
  const decision = { decisionId: 'd1', verb: 'retry', step, by, why };
  await recordDecision(db, orderId, decision);
  const notes = async () => (await findOrder(db, orderId))!.needsAttention;
  await noteAttention(db, orderId, 'capture payment', 0);
  expect(await notes()).toEqual([]);
  await noteAttention(db, orderId, 'capture payment', 1);
  expect(await notes()).toEqual(['capture payment']);
});

test('the same note for a person is kept once', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  for (let i = 0; i < 2; i++) await noteAttention(db, orderId, 'capture payment');
  expect(await findOrder(db, orderId)).toMatchObject({ needsAttention: ['capture payment'] });
});

test('of two people who settle the same note one does, and is in the journal', async () => {
  const { db } = database;
  const { orderId } = await reservedOrder();
  await noteAttention(db, orderId, 'capture payment');
  await noteAttention(db, orderId, 'look at the payment');
  const decision = { verb: 'done', step: 'look at the payment', why: 'refunded' };
  const settled = await Promise.all(
    ['ada', 'bob'].map((by) => settleByHand(db, orderId, { ...decision, by, decisionId: by })),
  );
  expect(settled.toSorted()).toEqual([false, true]);
  expect(await findOrder(db, orderId)).toMatchObject({ needsAttention: ['capture payment'] });
  const journal = await readJournal(db, orderId);
  const decided = journal.filter(({ name }) => name === 'OperatorDecided');
  const by = settled[0] ? 'ada' : 'bob';
  expect(decided.map(({ detail }) => detail)).toEqual([{ ...decision, by, decisionId: by }]);
});

import { noteAttention } from '../../db/attention';
import { readJournal } from '../../db/journal';
import { findOrder } from '../../db/orders';
import { waitFor } from '../../dev/wait';
import type { OperatorTools } from '../../ops/operator-tools';
import { decide } from '../../ops/saga-decision';
import { OPEN_STEPS, orderSagaId, type Verb } from '../../workflows/messages';
import type { orderSaga } from '../../workflows/order-saga';
import { Stack } from '../e2e/stack';

const WAIT_MS = 60_000;
const NOTE = 'the parcel came back';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
  await stack.stock('DECIDED', 1_000);
});
afterAll(() => stack.close());

async function decided(verb: Verb, orderId: string, step: string) {
  const tools = { db: stack.db, client: stack.temporal } as OperatorTools;
  const values = { step, why: 'seen to' };
  return (await decide(verb, tools, { words: [orderId], values, by: 'ada' })).lines;
}

async function notesOf(orderId: string): Promise<readonly string[]> {
  return (await findOrder(stack.db, orderId))!.needsAttention;
}

test('a note of an order whose sagas are over is settled, once, with who and why in the journal', async () => {
  const { id } = await stack.place({ sku: 'DECIDED' }, { waitSeconds: 20 });
  await stack.ended(id);
  await noteAttention(stack.db, id, NOTE);
  await expect(decided('retry', id, NOTE)).rejects.toThrow('a note takes "done" or "give-up"');
  await expect(decided('done', id, 'another')).rejects.toThrow('nothing of that name is noted');
  expect(await notesOf(id)).toEqual([NOTE]);
  expect(await decided('done', id, NOTE)).toEqual([`done: ${NOTE} of ${id}, by ada`]);
  expect(await notesOf(id)).toEqual([]);
  await expect(decided('done', id, NOTE)).rejects.toThrow('nothing of that name is noted');
  const journal = await readJournal(stack.db, id);
  expect(journal.filter(({ name }) => name === 'OperatorDecided')).toMatchObject([
    { detail: { verb: 'done', step: NOTE, by: 'ada', why: 'seen to' } },
  ]);
});

/** An order whose saga waits for a person to look at the payment. */
async function waitingOrder() {
  await stack.planFaults([{ on: 'create', fault: 'wrong-amount' }]);
  const { id } = await stack.place({ sku: 'DECIDED' });
  const saga = stack.temporal.workflow.getHandle<typeof orderSaga>(orderSagaId(id));
  await waitFor('its saga to wait', WAIT_MS, async () =>
    (await saga.query<string[]>(OPEN_STEPS)).length > 0 ? true : undefined,
  );
  await stack.planFaults([]);
  return { id, saga };
}

test('of two who decide about a step at once one is refused, and what the other was told is done', async () => {
  const { id, saga } = await waitingOrder();
  const verbs = ['done', 'give-up'] as const;
  const told = await Promise.allSettled(
    verbs.map((verb) => decided(verb, id, 'look at the payment')),
  );
  const accepted = verbs.filter((_, index) => told[index]!.status === 'fulfilled');
  expect(accepted).toHaveLength(1);
  const { givenUp = [] } = await saga.result();
  expect(givenUp).toEqual(accepted[0] === 'give-up' ? ['look at the payment'] : []);
});

test('what a saga waited for that was terminated is settled by hand, too', async () => {
  const { id, saga } = await waitingOrder();
  await saga.terminate('as by hand');
  await decided('done', id, 'look at the payment');
  expect(await notesOf(id)).toEqual([]);
});

test('a note is left alone while a saga is under way, which may be about to wait for it', async () => {
  const { id } = await waitingOrder();
  await noteAttention(stack.db, id, NOTE);
  await expect(decided('done', id, NOTE)).rejects.toThrow('one is under way');
  await decided('give-up', id, 'look at the payment');
  await stack.sagaEnded(id);
  await decided('done', id, NOTE);
  expect(await notesOf(id)).toEqual([]);
});

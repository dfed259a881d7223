import { stockOf } from '../jest/new-order';
import { violations } from '../../chaos/invariants';
import { waitFor } from '../../dev/wait';
import { Stack } from './stack';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.open();
});
afterAll(() => stack.close());

test('200 orders at once for a stock of 50: 50 are confirmed, 150 rejected, nothing is left over', async () => {
  await stack.stock('SCARCE', 50);
  const placed = await Promise.all(
    Array.from({ length: 200 }, () => stack.place({ sku: 'SCARCE' })),
  );
  const ended = await Promise.all(placed.map(({ id }) => stack.ended(id)));
  const countOf = (status: string) => ended.filter((order) => order.status === status).length;
  expect([countOf('confirmed'), countOf('rejected')]).toEqual([50, 150]);
  expect(await stockOf(stack.db, 'SCARCE')).toEqual({ on_hand: 0, reserved: 0 });

  const confirmed = ended.filter(({ status }) => status === 'confirmed').map(({ id }) => id);
  await stack.reacted(confirmed);
  expect(await violations(stack)).toEqual([]);
});

test('the same Idempotency-Key twenty times at once: one order, one saga, equal answers', async () => {
  await stack.stock('SAME-KEY', 50);
  const customer = { id: 'cus_same_key', email: 'same@example.com' };
  const responses = await Promise.all(
    Array.from({ length: 20 }, () =>
      stack.post({ sku: 'SAME-KEY' }, { key: 'same-key', customer, waitSeconds: 30 }),
    ),
  );
  const bodies = await Promise.all(responses.map((response) => response.text()));
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
  expect(new Set(bodies).size).toBe(1);
  const { id } = JSON.parse(bodies[0]!) as { id: string };
  await stack.ended(id);

  // The list comes later than the sagas, in their order: once the last is in it, all are.
  const last = await stack.place({ sku: 'SAME-KEY' }, { customer });
  await stack.ended(last.id);
  const listed = await waitFor('the last saga to be listed', 30_000, async () => {
    const ids = await sagasOf(customer.id);
    // The list is late, and not in the order in which the sagas began.
    return [id, last.id].every((one) => ids.includes(`order-${one}`)) ? ids : undefined;
  });
  expect(listed.sort()).toEqual([`order-${id}`, `order-${last.id}`]);
  expect(await stockOf(stack.db, 'SAME-KEY')).toEqual({ on_hand: 48, reserved: 0 });
});

async function sagasOf(customerId: string): Promise<string[]> {
  const sagas = stack.temporal.workflow.list({ query: `CustomerId = '${customerId}'` });
  const ids: string[] = [];
  for await (const { workflowId } of sagas) ids.push(workflowId);
  return ids;
}

import type { Client } from '@temporalio/client';
import { pino } from 'pino';
import { createSagaStarter } from '../../workers/saga-starter';

const order = {
  ...{ orderId: 'ord_1', customerId: 'cus_1', currency: 'EUR', totalMinor: 890 },
  lines: [{ sku: 'TEA', quantity: 1, unitPriceMinor: 890 }],
  customer: { email: 'canary@example.com' },
  position: {
    journalSequence: 1,
    eventSequence: 0,
    traceparent: null,
    tenant: 'test',
    now: new Date(),
    readAt: 0,
  },
};

/** What a client is asked to start. */
async function startedWith(): Promise<Record<string, unknown>> {
  const started: Record<string, unknown>[] = [];
  const client = {
    withDeadline: (_: number, fn: () => Promise<void>) => fn(),
    workflow: { start: (_: string, options: Record<string, unknown>) => started.push(options) },
  } as unknown as Client;
  const starter = createSagaStarter({
    ...{ client, logger: pino({ level: 'silent' }), taskQueue: 'orders' },
    ...{ placementDeadlineMs: 1_000, isEager: true },
  });
  await starter.startOrderSaga(order);
  return started[0]!;
}

test('the saga is given ids, quantities and amounts, and nothing else', async () => {
  const { args } = await startedWith();
  expect(args).toEqual([
    {
      ...{ orderId: 'ord_1', amountMinor: 890, currency: 'EUR', placementDeadlineMs: 1_000 },
      lines: [{ sku: 'TEA', quantity: 1 }],
    },
  ]);
});

test('one order has one saga, and no time limit of Temporal ends it without an undo', async () => {
  const options = await startedWith();
  expect(options).toMatchObject({
    workflowId: 'order-ord_1',
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
  });
  expect(Object.keys(options)).not.toContain('workflowExecutionTimeout');
  expect(Object.keys(options)).not.toContain('workflowRunTimeout');
});

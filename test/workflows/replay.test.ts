import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { recordedHistories, replayAll } from '../../dev/replay';
import { onCopyOf } from '../jest/copied-tree';

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test('every recorded history replays on the workflows of today', async () => {
  const replays = await replayAll();
  expect(replays.map(({ name }) => name)).toEqual(recordedHistories());
  expect(recordedHistories()).toEqual(
    expect.arrayContaining(['confirmed', 'rejected-out-of-stock', 'rejected-payment-declined']),
  );
  expect(replays.filter(({ error }) => error)).toEqual([]);
});

test('two steps in another order do not replay', async () => {
  await onCopyOf(['workflows', 'domain'], async (copy) => {
    const saga = path.join(copy, 'workflows', 'order-saga.ts');
    writeFileSync(saga, reorder(readFileSync(saga, 'utf8')));
    const replays = await replayAll(path.join(copy, 'workflows', 'index.ts'));
    const confirmed = replays.find(({ name }) => name === 'confirmed');
    expect(confirmed?.error?.message).toMatch(/TMPRL1100/);
  });
});

/** Authorize before reserve: harmless to look at, fatal to an order in flight. */
function reorder(saga: string): string {
  const reserve = 'await step.reserveStock({ orderId, lines: order.lines });';
  const authorize = 'await step.authorizePayment(paymentOf(order));';
  expect(saga).toContain(reserve);
  expect(saga).toContain(authorize);
  return saga.replace(reserve, '«').replace(authorize, reserve).replace('«', authorize);
}

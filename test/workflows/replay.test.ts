import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { recordedHistories, replayAll } from '../../dev/replay';

const ROOT = path.join(__dirname, '..', '..');

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
  mkdirSync(path.join(ROOT, '.tandem'), { recursive: true });
  const copy = mkdtempSync(path.join(ROOT, '.tandem', 'reordered-'));
  try {
    for (const folder of ['workflows', 'domain']) {
      cpSync(path.join(ROOT, folder), path.join(copy, folder), { recursive: true });
    }
    const saga = path.join(copy, 'workflows', 'order-saga.ts');
    writeFileSync(saga, reorder(readFileSync(saga, 'utf8')));
    const replays = await replayAll(path.join(copy, 'workflows', 'index.ts'));
    const confirmed = replays.find(({ name }) => name === 'confirmed');
    expect(confirmed?.error?.message).toMatch(/TMPRL1100/);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

/** Authorize before reserve: harmless to look at, fatal to an order in flight. */
function reorder(saga: string): string {
  const reserve = 'await step.reserveStock({ orderId, lines: order.lines });';
  const authorize = 'await step.authorizePayment(paymentOf(order));';
  expect(saga).toContain(reserve);
  expect(saga).toContain(authorize);
  return saga.replace(reserve, '«').replace(authorize, reserve).replace('«', authorize);
}

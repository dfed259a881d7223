import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { ACROSS_DEPLOYS, ON_NEW_SAGA, recordedHistories } from '../../dev/histories';
import { withNewSaga } from '../../dev/patched-saga';
import { replay, replayAll } from '../../dev/replay';
import { silentTemporalPlugin } from '../../platform/telemetry';
import { WORKFLOWS_PATH } from '../../workers/workflow-bundle';
import { onCopyOf } from '../../dev/copied-tree';

/** As the issue of the saga wants it: every way to end, and each undo failing. */
const MIN_HISTORIES = 30;

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
});

test.each([
  ['as they are', []],
  ['traced', [silentTemporalPlugin()]],
])('every recorded history replays on the workflows of today, %s', async (_, plugins) => {
  const replays = await replayAll(WORKFLOWS_PATH, plugins);
  expect(replays.map(({ name }) => name).sort()).toEqual(recordedHistories());
  expect(replays.length).toBeGreaterThanOrEqual(MIN_HISTORIES);
  expect(replays.filter(({ name }) => ACROSS_DEPLOYS.test(name))).not.toEqual([]);
  expect(replays.filter(({ error }) => error)).toEqual([]);
});

test('orders of before and after a patch replay on the patched saga, and not all without `patched`', async () => {
  const names = recordedHistories().filter((name) => ON_NEW_SAGA.test(name));
  expect(names).toEqual(['patched-begun-after', 'patched-begun-before']);
  const failed = await withNewSaga('none', async (workflowsPath) =>
    (await replay(names, { workflowsPath })).filter(({ error }) => error),
  );
  expect(failed.map(({ name }) => name).sort()).toEqual(names);
  const onOld = await replay(names, { workflowsPath: WORKFLOWS_PATH });
  expect(onOld.filter(({ error }) => error).map(({ name }) => name)).toEqual([
    'patched-begun-after',
  ]);
});

test('two steps in another order do not replay', async () => {
  await onCopyOf(['workflows', 'domain'], async (copy) => {
    const saga = path.join(copy, 'workflows', 'order-saga.ts');
    const text = readFileSync(saga, 'utf8');
    const closing = 'const closed = await perform(closeOrder, { orderId, ...ending });';
    const undoing = "await createEventGroup('compensation')";
    expect([text.includes(closing), text.includes(undoing)]).toEqual([true, true]);
    // Close first, undo afterwards: harmless to look at, fatal to an order in flight.
    writeFileSync(saga, text.replace(closing, '').replace(undoing, `${closing}\n${undoing}`));
    const replays = await replayAll(path.join(copy, 'workflows', 'index.ts'));
    const broken = replays.filter(({ error }) => error?.message.includes('TMPRL1100'));
    expect(
      replays.find(({ name }) => name === 'reserve-stock-refused-undos-work')?.error,
    ).toBeDefined();
    expect(broken.map(({ name }) => name)).toContain(
      'authorize-payment-refused-void-authorization-needs-a-person',
    );
  });
});

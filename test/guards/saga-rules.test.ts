import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onCopyOf, ROOT } from '../../dev/copied-tree';

const FOLDERS = [
  ...['events', 'domain', 'workflows', 'activities', 'db', 'workers', 'platform', 'test'],
  ...['package.json', 'tsconfig.json'],
];

/** A rule of the saga, how to break it, and the test that must notice. */
const BROKEN: [rule: string, file: string, from: string, to: string, test: string][] = [
  [
    '1: the undo is registered before its step',
    'workflows/order-saga.ts',
    `    for (const step of this.#steps) this.#registerUndo(step);
    await this.#ahead.takeAll(this.#steps);`,
    `    await this.#ahead.takeAll(this.#steps);
    for (const step of this.#steps) this.#registerUndo(step);`,
    'order-saga',
  ],
  [
    '2: undos run in reverse',
    'workflows/compensations.ts',
    'this.#undos.unshift(',
    'this.#undos.push(',
    'order-saga',
  ],
  [
    '2: undos run where no cancellation reaches',
    'workflows/order-saga.ts',
    'return CancellationScope.nonCancellable(() => saga.undo(ending));',
    'return saga.undo(ending);',
    'order-saga',
  ],
  [
    '2: an undo that cannot succeed does not stop the others',
    'workflows/attention.ts',
    `      if (!(failure instanceof TemporalFailure)) throw failure;
      this.#refused.push`,
    `      if (failure) throw failure;
      this.#refused.push`,
    'order-saga',
  ],
  [
    '3: a bug undoes nothing',
    'workflows/order-saga.ts',
    'if (!(failure instanceof TemporalFailure)) throw failure;',
    '',
    'order-saga',
  ],
  [
    '4: what has no way back is tried without end',
    'workflows/retry-policies.ts',
    "maximumInterval: '1m' }",
    "maximumInterval: '1m', maximumAttempts: 3 }",
    'retry-policies',
  ],
  [
    '5: a cancelled step is waited for',
    'workflows/retry-policies.ts',
    'ActivityCancellationType.WAIT_CANCELLATION_COMPLETED',
    'ActivityCancellationType.TRY_CANCEL',
    'retry-policies',
  ],
  [
    '5: no time limit of Temporal ends a saga',
    'workers/saga-starter.ts',
    '    taskQueue,\n    workflowIdReusePolicy',
    "    taskQueue,\n    workflowExecutionTimeout: '1h',\n    workflowIdReusePolicy",
    'saga-starter',
  ],
  [
    '6: from the pivot on nobody calls the placement off',
    'workflows/placement.ts',
    '      this.#isOpen = false;\n',
    '',
    'placement',
  ],
  [
    '7: a key is the same on every attempt',
    'activities/payment-provider.ts',
    '`${orderId}/authorize`',
    '`${orderId}/authorize/${Math.random()}`',
    'payment-provider',
  ],
  [
    '8: what is not done quickly becomes a regular activity',
    'workflows/perform.ts',
    '    if (!isBudgetSpent(failure)) throw failure;\n    onSlow',
    '    if (failure) throw failure;\n    onSlow',
    'perform',
  ],
  [
    '9: no personal data is given to the saga',
    'workers/saga-starter.ts',
    'args: [placedOrderOf(order, options.placementDeadlineMs)],',
    'args: [{ ...order, ...placedOrderOf(order, options.placementDeadlineMs) }],',
    'saga-starter',
  ],
];

test.each(BROKEN)('rule %s: breaking it fails a test', async (_, file, from, to, test) => {
  await onCopyOf(FOLDERS, (copy) => {
    const broken = path.join(copy, file);
    const text = readFileSync(broken, 'utf8');
    expect(text).toContain(from);
    writeFileSync(broken, text.replace(from, to));
    const jest = path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
    const config = path.join(copy, 'test', 'jest', 'unit.config.js');
    const run = spawnSync(
      process.execPath,
      [jest, '--config', config, '--rootDir', copy, '--testPathPatterns', `/${test}\\.test`],
      { cwd: copy, encoding: 'utf8' },
    );
    expect(run.stderr).toMatch(/Tests:.* [1-9]\d* failed/);
  });
});

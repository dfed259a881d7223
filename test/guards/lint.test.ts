import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { onCopyOf, ROOT } from '../../dev/copied-tree';

/** What the planted files need around them. */
const COPIED = [
  ...['workflows', 'domain', 'db', 'events', 'activities'],
  ...['eslint.config.mjs', 'tsconfig.json', 'package.json'],
];

/** What must be reported, where, and by which rule. */
const PLANTED: [file: string, rule: string, code: string][] = [
  [
    'workflows/planted-lint.ts',
    '@typescript-eslint/no-floating-promises',
    `import { closeOrder } from './ending-steps';
import { perform } from './perform';
export function forget() { perform(closeOrder, { orderId: 'x', status: 'failed', code: 'x' }); }`,
  ],
  [
    'workflows/planted-lint2.ts',
    'no-restricted-imports',
    `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;`,
  ],
  ['workflows/planted-lint3.ts', 'no-restricted-syntax', `export const now = () => Date.now();`],
  ['domain/planted-lint.ts', 'no-restricted-syntax', `export const dice = () => Math.random();`],
  ['db/planted-lint.ts', 'no-restricted-syntax', `export const user = process.env['USER'];`],
];

test('the linter reports what must never be written', async () => {
  await onCopyOf(COPIED, (copy) => {
    for (const [file, , code] of PLANTED) writeFileSync(path.join(copy, file), `${code}\n`);
    const reported = lint(
      copy,
      PLANTED.map(([file]) => file),
    );
    for (const [file, rule] of PLANTED) expect(reported).toContainEqual([file, rule]);
  });
});

function lint(folder: string, files: readonly string[]): [file: string, rule: string][] {
  const program = path.join(ROOT, 'node_modules', '.bin', 'eslint');
  let output: Buffer;
  try {
    output = execFileSync(program, ['--format', 'json', ...files], { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    output = (error as { stdout: Buffer }).stdout;
  }
  const results = JSON.parse(output.toString()) as {
    filePath: string;
    messages: { ruleId: string }[];
  }[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId }): [string, string] => [path.relative(folder, filePath), ruleId]),
  );
}

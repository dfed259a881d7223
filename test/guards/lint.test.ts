import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');

/** What must be reported, where, and by which rule. */
const PLANTED: [file: string, rule: string, code: string][] = [
  [
    'workflows/planted-lint.ts',
    '@typescript-eslint/no-floating-promises',
    `import { reserveStock } from './steps';\nexport function forget() { reserveStock({ orderId: 'x', lines: [] }); }`,
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

test('the linter reports what must never be written', () => {
  const files = PLANTED.map(([file]) => path.join(ROOT, file));
  try {
    PLANTED.forEach(([, , code], i) => writeFileSync(files[i]!, `${code}\n`));
    const reported = lint(files);
    for (const [file, rule] of PLANTED) expect(reported).toContainEqual([file, rule]);
  } finally {
    for (const file of files) rmSync(file, { force: true });
  }
});

function lint(files: readonly string[]): [file: string, rule: string][] {
  const program = path.join(ROOT, 'node_modules', '.bin', 'eslint');
  let output: Buffer;
  try {
    output = execFileSync(program, ['--format', 'json', ...files], { cwd: ROOT, stdio: 'pipe' });
  } catch (error) {
    output = (error as { stdout: Buffer }).stdout;
  }
  const results = JSON.parse(output.toString()) as {
    filePath: string;
    messages: { ruleId: string }[];
  }[];
  return results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId }): [string, string] => [path.relative(ROOT, filePath), ruleId]),
  );
}

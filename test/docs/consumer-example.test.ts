import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { onCopyOf, ROOT } from '../../dev/copied-tree';

test('the consumer of docs/consumers.md compiles as it stands there', async () => {
  const page = readFileSync(path.join(ROOT, 'docs', 'consumers.md'), 'utf8');
  const [, code] = /```ts\n([\s\S]*?)```/.exec(page)!;
  const folders = ['consumers', 'events', 'domain', 'db'];
  await onCopyOf([...folders, 'tsconfig.json', 'package.json'], (copy) => {
    writeFileSync(path.join(copy, 'consumers', 'points.ts'), code!);
    const compile = () =>
      execFileSync(path.join(ROOT, 'node_modules', '.bin', 'tsc'), ['-p', copy], { stdio: 'pipe' });
    expect(compile).not.toThrow();

    writeFileSync(
      path.join(copy, 'consumers', 'points.ts'),
      code!.replace('totalMinor / ', 'total / '),
    );
    expect(compile).toThrow();
  });
});

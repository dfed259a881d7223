import { spawnSync } from 'node:child_process';
import path from 'node:path';
import type { Layer } from '@koa/router';
import { createRouter } from '../../api/app';
import { PROBLEM_KINDS } from '../../api/http/problem-kinds';
import { API } from '../../dev/contract/check-answer';
import { TYPESCRIPT } from '../../dev/typescript';

const ROOT = path.join(__dirname, '..', '..');

test('docs/openapi.json and the client are what the operations say, and the linter finds nothing', () => {
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'api:check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect({ status, stderr, said: stdout.trim() }).toEqual({
    ...{ status: 0, stderr: '', said: 'the API is as it is published' },
  });
});

test('every mounted route is in the document, and every operation of it is mounted', () => {
  const router = createRouter({ targetPolicy: { isLoopbackAllowed: false } } as never);
  const mounted = router.stack.flatMap(({ path: at, methods }: Layer) =>
    methods
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${String(at).replace(/:(\w+)/g, '{$1}')}`),
  );
  const documented = Object.entries(API.paths).flatMap(([at, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${at}`),
  );
  expect(mounted.sort()).toEqual(documented.sort());
});

test('every kind of problem of an operation has its page, and each says what to do', () => {
  for (const { title, about } of Object.values(PROBLEM_KINDS)) {
    expect([title, about].every((text) => text.length > 10)).toBe(true);
  }
});

test('the linter reports what is planted', () => {
  const text = JSON.stringify({ ...API, info: { title: 'x' } });
  const lint = spawnSync(
    process.execPath,
    [
      ...[...TYPESCRIPT, '-e'],
      `void require('./dev/contract/lint')
         .lintDocument('x.json', require('node:fs').readFileSync(0, 'utf8'), 'api')
         .then((flaws) => console.log(flaws.join('\\n')))`,
    ],
    // An argument may not be as long as the document is.
    { cwd: ROOT, encoding: 'utf8', input: text },
  );
  expect(lint.stdout).toContain('version');
});

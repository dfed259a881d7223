import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../../dev/copied-tree';
import { docsPages } from '../../dev/docs/pages';

const PAGES = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docsPages()];

test.each(PAGES)('every file that %s links to is there', (page) => {
  const text = readFileSync(path.join(ROOT, page), 'utf8');
  const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map((match) => match[1]!);
  const broken = links.filter((link) => !existsSync(path.join(ROOT, path.dirname(page), link)));
  expect(broken).toEqual([]);
});

test('every test file that the guarantees name is there', () => {
  const text = readFileSync(path.join(ROOT, 'docs', 'guarantees.md'), 'utf8');
  const named = [...text.matchAll(/`(test\/[\w./-]+\.ts)`/g)].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
});

test('every test that the conformance page and the guarantees name is there', () => {
  const tests = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => readFileSync(path.join(ROOT, 'test', file), 'utf8'))
    .join('\n');
  const page = (name: string) => readFileSync(path.join(ROOT, 'docs', name), 'utf8');
  const [, late = ''] = page('guarantees.md').split('## What may be late');
  const named = [
    ...[...page('conformance.md').matchAll(/\| `([^`]+)` +\|$/gm)],
    // The last cell of a row may name several; code in the others is no test.
    ...[...late.split('## What never')[0]!.matchAll(/`([a-z][^`]* [^`]*)`/g)],
  ].map((match) => match[1]!);
  expect(named.length).toBeGreaterThan(38);
  expect(named.filter((name) => !tests.includes(`'${name}'`))).toEqual([]);
});

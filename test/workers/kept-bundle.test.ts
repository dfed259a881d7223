import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { keptBundle, MAX_KEPT } from '../../workers/kept-bundle';

let root: string;
let made: number;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'tandem-bundle-'));
  for (const folder of ['workflows', 'domain']) mkdirSync(path.join(root, folder));
  write('workflows/saga.ts', 'one');
  write('domain/order.ts', 'one');
  mkdirSync(path.join(root, 'node_modules'));
  write('node_modules/.package-lock.json', 'one');
  made = 0;
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text: string): void {
  writeFileSync(path.join(root, file), text);
}

async function bundle(kind = 'plain', folder = path.join(root, 'kept')): Promise<string> {
  return keptBundle({ root, kind, folder }, () => Promise.resolve(`bundle ${(made += 1)}`));
}

test('the bundle of a tree that did not change is made once', async () => {
  expect([await bundle(), await bundle()]).toEqual(['bundle 1', 'bundle 1']);
});

test.each([
  ['a workflow was changed', () => write('workflows/saga.ts', 'two')],
  ['a file that they share was changed', () => write('domain/order.ts', 'two')],
  ['a file was added', () => write('workflows/more.ts', '')],
  ['other packages were installed', () => write('node_modules/.package-lock.json', 'two')],
])('the bundle is made anew when %s', async (_, change) => {
  await bundle();
  change();
  expect(await bundle()).toBe('bundle 2');
});

test('a bundle of files that were changed while it was made is not kept', async () => {
  const folder = path.join(root, 'kept');
  await keptBundle({ root, kind: 'plain', folder }, () => {
    write('workflows/saga.ts', 'two');
    return Promise.resolve('of one and two');
  });
  write('workflows/saga.ts', 'one');
  expect(await bundle()).toBe('bundle 1');
});

test('a traced bundle is another than a plain one', async () => {
  expect([await bundle('plain'), await bundle('traced')]).toEqual(['bundle 1', 'bundle 2']);
});

test('where no bundle can be kept, it is made each time', async () => {
  const folder = path.join(root, 'domain', 'order.ts');
  expect([await bundle('plain', folder), await bundle('plain', folder)]).toEqual([
    ...['bundle 1', 'bundle 2'],
  ]);
});

test('no more bundles are kept than a few, and the oldest go', async () => {
  const kept = path.join(root, 'kept');
  const dated = new Set<string>();
  const version = (n: number) => write('workflows/saga.ts', `version ${n}`);
  for (let n = 0; n <= MAX_KEPT; n += 1) {
    version(n);
    await bundle();
    const [added] = readdirSync(kept).filter((name) => !dated.has(name));
    utimesSync(path.join(kept, added!), n, n);
    dated.add(added!);
  }
  expect(readdirSync(kept)).toHaveLength(MAX_KEPT);
  version(1);
  expect(await bundle()).toBe('bundle 2');
  version(0);
  expect(await bundle()).toBe(`bundle ${MAX_KEPT + 2}`);
});

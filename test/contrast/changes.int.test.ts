import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { onPatchedTree, PATCHES } from '../../contrast/changes/apply';
import { sizeOf } from '../../contrast/changes/count';
import { DESIGNS } from '../../contrast/designs';
import { ROOT } from '../../dev/copied-tree';

const TEST_MS = 180_000;
const KINDS = ['consumer', 'step'] as const;

test('each design has a patch for each kind of change, and there is no other', () => {
  const named = DESIGNS.flatMap(({ changes }) => KINDS.map((kind) => changes[kind].patch));
  expect(readdirSync(PATCHES).filter((file) => file.endsWith('.patch'))).toEqual(named.sort());
});

test.each(KINDS)(
  'with the %s that is added, each design compiles',
  async (kind) => {
    const patches = DESIGNS.map(({ changes }) => changes[kind].patch);
    await onPatchedTree(patches, (root) => {
      const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
      const { stdout, status } = spawnSync(tsc, ['-p', '.'], { cwd: root, encoding: 'utf8' });
      expect([stdout, status]).toEqual(['', 0]);
      return Promise.resolve();
    });
  },
  TEST_MS,
);

test('a reaction changes no file where there are events, and the calling one where there are calls', () => {
  const changed = DESIGNS.map(({ changes }) => sizeOf(changes.consumer).filesChanged);
  expect(changed).toEqual([2, 0, 0]);
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { onCopyOf } from '../../dev/copied-tree';
import { TYPESCRIPT } from '../../dev/typescript';
import { readEnvironment } from '../../platform/config';
import type { Change } from '../design';

const run = promisify(execFile);

/** Where the patches are. */
export const PATCHES = __dirname;

const BUNDLE_TIMEOUT_MS = 120_000;

/** What the designs are made of. */
export const SOURCES = [
  ...['events', 'domain', 'workflows', 'activities', 'consumers', 'db', 'api', 'workers'],
  ...['platform', 'ops', 'dev', 'bench', 'chaos', 'contrast', 'docs', 'test/jest'],
  ...['package.json', 'tsconfig.json'],
] as const;

/** Runs `use` on copies of the sources, one for each change, with its patch applied, ready to be run. */
export async function onChangedTrees<Result>(
  changes: readonly Change[],
  use: (trees: ReadonlyMap<Change, string>) => Promise<Result>,
  trees: ReadonlyMap<Change, string> = new Map(),
): Promise<Result> {
  const [change, ...others] = changes;
  if (!change) return use(trees);
  return onPatchedTree([change.patch], async (root) => {
    await bundleWorkflows(root);
    return onChangedTrees(others, use, new Map([...trees, [change, root]]));
  });
}

/** Runs `use` on a copy of the sources to which these patches were applied. */
export async function onPatchedTree<Result>(
  patches: readonly string[],
  use: (root: string) => Promise<Result>,
): Promise<Result> {
  return onCopyOf(SOURCES, async (root) => {
    // Outside of any repository, or git would leave out what it does not track.
    const env = { ...readEnvironment(), GIT_CEILING_DIRECTORIES: path.dirname(root) };
    const files = patches.map((patch) => path.join(PATCHES, patch));
    await run('git', ['apply', ...files], { cwd: root, env });
    return use(root);
  });
}

/** Bundles the workflows of this tree, as a build does: its saga workers start at once. */
export async function bundleWorkflows(root: string): Promise<void> {
  const args = [...TYPESCRIPT, 'workers/build-bundle.ts'];
  await run(process.execPath, args, { cwd: root, timeout: BUNDLE_TIMEOUT_MS });
}

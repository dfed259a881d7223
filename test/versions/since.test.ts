import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { onPatchedTree } from '../../contrast/changes/apply';
import { ON_NEW_SAGA, recordedHistories } from '../../dev/histories';
import { replay } from '../../dev/replay';

const TEST_MS = 180_000;

/** The step that docs/steps.md adds before the pivot. */
const PATCH = 'orchestrated.step.patch';
const NAMES = recordedHistories().filter((name) => !ON_NEW_SAGA.test(name));

beforeAll(() => Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) }));

const failedIn = async (root: string) => {
  const workflowsPath = path.join(root, 'workflows', 'index.ts');
  const replays = await replay(NAMES, { workflowsPath });
  return replays.filter(({ error }) => error !== undefined).map(({ name }) => name);
};

test(
  'orders that began before a step was added go on without it',
  () =>
    onPatchedTree([PATCH], async (root) => {
      expect(NAMES.length).toBeGreaterThan(50);
      expect(await failedIn(root)).toEqual([]);
    }),
  TEST_MS,
);

test(
  'a step that does not say since when it is there stops them, and the replay says so',
  () =>
    onPatchedTree([PATCH], async (root) => {
      const steps = path.join(root, 'workflows', 'steps.ts');
      const text = readFileSync(steps, 'utf8');
      const bare = text.replace(/since\(\s*'book-delivery',\s*([\s\S]*?),\s*\),\n/, '$1,\n');
      expect(bare).not.toContain('book-delivery');
      writeFileSync(steps, bare);
      expect((await failedIn(root)).length).toBeGreaterThan(0);
    }),
  TEST_MS,
);

import { existsSync } from 'node:fs';
import path from 'node:path';
import { bundleWorkflowCode, type BundleOptions, type WorkerOptions } from '@temporalio/worker';
import { keptBundle } from './kept-bundle';

const ROOT = path.join(__dirname, '..');

/** Where the build puts the bundled workflows: one bundle as they are, one that is traced. */
export const WORKFLOW_BUNDLE_PATHS = {
  plain: path.join(ROOT, 'workflow-bundle.js'),
  traced: path.join(ROOT, 'workflow-bundle.traced.js'),
} as const;

/** The entry point from which workflows are bundled. */
export const WORKFLOWS_PATH = require.resolve('../workflows');

/** Where bundles of the source tree are kept. */
const KEPT_FOLDER = path.join(ROOT, 'node_modules', '.cache', 'tandem');

/** The bundle of the build, where there is one; otherwise that of the workflows as they are now. */
export async function workflowSource(
  kind: keyof typeof WORKFLOW_BUNDLE_PATHS,
  bundling: Omit<BundleOptions, 'workflowsPath'>,
): Promise<Pick<WorkerOptions, 'workflowBundle'>> {
  const codePath = WORKFLOW_BUNDLE_PATHS[kind];
  if (existsSync(codePath)) return { workflowBundle: { codePath } };
  const code = await keptBundle({ root: ROOT, kind, folder: KEPT_FOLDER }, async () => {
    return (await bundleWorkflowCode({ ...bundling, workflowsPath: WORKFLOWS_PATH })).code;
  });
  return { workflowBundle: { code } };
}

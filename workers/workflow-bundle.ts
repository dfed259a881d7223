import { existsSync } from 'node:fs';
import path from 'node:path';
import type { WorkerOptions } from '@temporalio/worker';

/** Where the build puts the bundled workflows: one bundle as they are, one that is traced. */
export const WORKFLOW_BUNDLE_PATHS = {
  plain: path.join(__dirname, '..', 'workflow-bundle.js'),
  traced: path.join(__dirname, '..', 'workflow-bundle.traced.js'),
} as const;

/** The entry point from which workflows are bundled. */
export const WORKFLOWS_PATH = require.resolve('../workflows');

/** The bundle of the build, where there is one; otherwise the worker bundles when it starts. */
export function workflowSource(
  kind: keyof typeof WORKFLOW_BUNDLE_PATHS,
): Pick<WorkerOptions, 'workflowBundle' | 'workflowsPath'> {
  const codePath = WORKFLOW_BUNDLE_PATHS[kind];
  return existsSync(codePath)
    ? { workflowBundle: { codePath } }
    : { workflowsPath: WORKFLOWS_PATH };
}

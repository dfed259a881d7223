import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { silentTemporalPlugin } from '../platform/telemetry';
import { WORKFLOW_BUNDLE_PATHS, WORKFLOWS_PATH } from './workflow-bundle';

/** Bundles the workflows into the folder of the build, as the worker would when it starts. */
async function buildBundles(): Promise<void> {
  const workflowsPath = WORKFLOWS_PATH;
  const plain = await bundleWorkflowCode({ workflowsPath });
  await writeFile(WORKFLOW_BUNDLE_PATHS.plain, plain.code);
  const traced = await bundleWorkflowCode({ workflowsPath, plugins: [silentTemporalPlugin()] });
  await writeFile(WORKFLOW_BUNDLE_PATHS.traced, traced.code);
}

void buildBundles();

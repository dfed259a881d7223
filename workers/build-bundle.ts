import { writeFile } from 'node:fs/promises';
import { bundleWorkflowCode } from '@temporalio/worker';
import { startTelemetry } from '../platform/telemetry';
import { WORKFLOW_BUNDLE_PATH, WORKFLOWS_PATH } from './workflow-bundle';

/** Bundles the workflows into the folder of the build, as the worker would when it starts. */
async function buildBundle(): Promise<void> {
  const { temporalPlugin } = startTelemetry('build', undefined);
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    plugins: [temporalPlugin],
  });
  await writeFile(WORKFLOW_BUNDLE_PATH, code);
}

void buildBundle();

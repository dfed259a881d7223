import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { startTelemetry } from '../platform/telemetry';
import { WORKFLOWS_PATH } from './workflow-bundle';

/** Bundles the workflows into the folder of the build, as the worker would when it starts. */
async function buildBundle(folder: string): Promise<void> {
  const { temporalPlugin } = startTelemetry('build', undefined);
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS_PATH,
    plugins: [temporalPlugin],
  });
  await writeFile(path.join(folder, 'workflow-bundle.js'), code);
}

void buildBundle(path.join(__dirname, '..'));

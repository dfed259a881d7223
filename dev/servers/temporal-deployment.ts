import { Connection, type ConnectionOptions } from '@temporalio/client';
import { waitFor } from '../wait';

const KNOWN_TIMEOUT_MS = 30_000;

/** Where a version of the workers is to be made the current one. */
export interface DeploymentVersion {
  readonly connection: ConnectionOptions;
  readonly namespace: string;
  /** `name:build`, as `WORKER_DEPLOYMENT` says it. */
  readonly version: string;
}

/**
 * New sagas start on this version from now on, once a worker of it has been seen: what
 * `temporal worker deployment set-current-version` does.
 */
export async function makeCurrent({ connection: options, namespace, version }: DeploymentVersion) {
  const [deploymentName, buildId] = version.split(':');
  const connection = await Connection.connect(options);
  try {
    await waitFor(`the deployment ${version}`, KNOWN_TIMEOUT_MS, async () => {
      await connection.workflowService.setWorkerDeploymentCurrentVersion({
        ...{ namespace, deploymentName, buildId, identity: 'npm start' },
      });
      return true;
    });
  } finally {
    await connection.close();
  }
}

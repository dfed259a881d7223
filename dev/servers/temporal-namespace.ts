import { Connection } from '@temporalio/client';
import { waitFor } from '../wait';

const READY_TIMEOUT_MS = 30_000;

/** How long a namespace of development keeps what has ended. */
const RETENTION_SECONDS = 72 * 3_600;

/** The number of gRPC's status ALREADY_EXISTS. */
const ALREADY_EXISTS = 6;

/** Makes a namespace, unless there is one of this name, and waits until it can be used. */
export async function registerNamespace(address: string, namespace: string): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await connection.workflowService
      .registerNamespace({
        namespace,
        // The protocol's own type takes a Long; a number fits.
        workflowExecutionRetentionPeriod: { seconds: RETENTION_SECONDS as never },
      })
      .catch((error: { code?: number }) => {
        if (error.code !== ALREADY_EXISTS) throw error;
      });
    // The server's parts learn of it by and by.
    await waitFor(`the namespace ${namespace}`, READY_TIMEOUT_MS, async () => {
      await connection.workflowService.describeNamespace({ namespace });
      await connection.operatorService.listSearchAttributes({ namespace });
      return true;
    });
  } finally {
    await connection.close();
  }
}

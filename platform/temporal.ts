import { createServer, type AddressInfo } from 'node:net';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import { readEnvironment } from './config';

/** A new try to reach Temporal comes this long after the last. */
const CONNECT_RETRY_MS = 1_000;

/** The SDK compresses by default, which costs time and saves nothing on a local network. */
const grpcCompression = { codec: 'none' } as const;

/** A worker's connection and its namespace; waits for Temporal until `signal` is aborted. */
export async function connectWorker(
  signal: AbortSignal,
  onRetry: (error: unknown) => void,
): Promise<{ connection: NativeConnection; namespace: string }> {
  const { connectionOptions, namespace = 'default' } = connectSettings();
  for (;;) {
    try {
      const connection = await NativeConnection.connect({ ...connectionOptions, grpcCompression });
      return { connection, namespace };
    } catch (error) {
      signal.throwIfAborted();
      onRetry(error);
      await new Promise((resolve) => setTimeout(resolve, CONNECT_RETRY_MS));
      signal.throwIfAborted();
    }
  }
}

/** An address of this machine where Temporal's core may show its metrics: it takes no port 0. */
export async function freeMetricsAddress(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `127.0.0.1:${port}`;
}

/** The standard TEMPORAL_* variables and profiles: see @temporalio/envconfig. */
function connectSettings() {
  readEnvironment();
  return loadClientConnectConfig();
}

import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import { loadConfig } from '../../../platform/config';
import { startHealthServer } from '../../../platform/health-server';
import { openEffects } from '../effects';

/** A worker with the SDK's defaults. */
async function main(): Promise<void> {
  const { activities } = await openEffects();
  const { connectionOptions } = loadClientConnectConfig();
  const worker = await Worker.create({
    connection: await NativeConnection.connect(connectionOptions),
    taskQueue: 'naive',
    workflowsPath: require.resolve('./workflow'),
    activities,
  });
  const { HEALTH_PORT: port } = loadConfig('HEALTH_PORT');
  await startHealthServer({ host: '127.0.0.1', port, checks: {} });
  await worker.run();
}

void main();

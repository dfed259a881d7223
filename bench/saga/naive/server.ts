import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { acceptOrders } from '../accept';
import { openEffects } from '../effects';
import type { naiveSaga } from './workflow';

/** An API that starts a workflow for each order. */
async function main(): Promise<void> {
  const { db } = await openEffects();
  const { connectionOptions } = loadClientConnectConfig();
  const client = new Client({ connection: await Connection.connect(connectionOptions) });

  await acceptOrders(db, async (order) => {
    await client.workflow.start<typeof naiveSaga>('naiveSaga', {
      workflowId: `order-${order.orderId}`,
      taskQueue: 'naive',
      args: [order],
    });
  });
}

void main();

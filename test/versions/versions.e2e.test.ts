import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { createStepsActivity } from '../../activities/take-steps';
import { keepHistory } from '../../dev/histories';
import { withNewSaga } from '../../dev/patched-saga';
import { waitFor } from '../../dev/wait';
import { ORDER_SAGA, orderSagaId } from '../../workflows/messages';

const WAIT_MS = 60_000;
const OLD = path.join(__dirname, '..', '..', 'workflows', 'index.ts');

let native: NativeConnection;
let client: Client;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  const address = process.env['TEST_TEMPORAL_ADDRESS']!;
  native = await NativeConnection.connect({ address });
  client = new Client({ connection: await Connection.connect({ address }) });
});
afterAll(async () => {
  await client.connection.close();
  await native.close();
});

/** Participants that do nothing; the capture of an order waits until it is let go. */
class Shop {
  readonly letGo = new Set<string>();
  readonly thanked: string[] = [];

  readonly activities = () => {
    const done = () => Promise.resolve({ eventId: 'e' });
    const steps = {
      ...{ reserveStock: done, authorizePayment: done, confirmOrder: done, publishEvent: done },
      capturePayment: ({ orderId }: { orderId: string }) =>
        this.letGo.has(orderId) ? done() : Promise.reject(new Error('the provider is away')),
      // The new step of the worked example: docs/versions.md.
      noteAttention: ({ orderId }: { orderId: string }) => {
        this.thanked.push(orderId);
        return done();
      },
    };
    return { ...steps, ...createStepsActivity(steps) };
  };
}

async function startWorker(
  shop: Shop,
  taskQueue: string,
  workflowsPath: string,
  version?: { deploymentName: string; buildId: string },
) {
  const worker = await Worker.create({
    ...{ connection: native, taskQueue, workflowsPath, activities: shop.activities() },
    ...(version
      ? {
          workerDeploymentOptions: {
            ...{ version, useWorkerVersioning: true },
            defaultVersioningBehavior: 'PINNED',
          },
        }
      : {}),
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
}

async function startOrder(taskQueue: string): Promise<string> {
  const orderId = `ord_${randomUUID()}`;
  const order = { orderId, lines: [{ sku: 'TEA', quantity: 1 }], amountMinor: 1, currency: 'EUR' };
  await client.workflow.start(ORDER_SAGA, {
    ...{ workflowId: orderSagaId(orderId), taskQueue },
    args: [{ ...order, placementDeadlineMs: 60_000 }],
  });
  return orderId;
}

/** An order that is confirmed and waits for its capture: it is in flight while we deploy. */
async function startOrderInFlight(taskQueue: string): Promise<string> {
  const orderId = await startOrder(taskQueue);
  await waitFor('the capture to be retried', WAIT_MS, async () => {
    const { raw } = await client.workflow.getHandle(orderSagaId(orderId)).describe();
    return raw.pendingActivities?.[0]?.activityType?.name === 'capturePayment' ? true : undefined;
  });
  return orderId;
}

async function finish(shop: Shop, orderId: string): Promise<void> {
  shop.letGo.add(orderId);
  const outcome: unknown = await client.workflow.getHandle(orderSagaId(orderId)).result();
  expect(outcome).toEqual({ status: 'confirmed' });
}

test('patched: orders of the old code finish on the new, and after a roll back everything finishes', async () => {
  const shop = new Shop();
  const queue = `patched-${randomUUID()}`;
  await withNewSaga('patched', async (newSaga) => {
    let stop = await startWorker(shop, queue, OLD);
    const old = await startOrderInFlight(queue);
    await stop();

    stop = await startWorker(shop, queue, newSaga);
    await finish(shop, old);
    expect(shop.thanked).toEqual([]);
    const young = await startOrderInFlight(queue);
    expect(shop.thanked).toEqual([young]);
    await stop();

    // Rolled back: orders of before go on, those that took the new step wait for the new code.
    stop = await startWorker(shop, queue, OLD);
    await finish(shop, await startOrderInFlight(queue));
    shop.letGo.add(young);
    const waiting = client.workflow.getHandle(orderSagaId(young));
    await waitFor('its task to fail', WAIT_MS, async () => {
      const { events } = await waiting.fetchHistory();
      return events?.some((event) => event.workflowTaskFailedEventAttributes) ? true : undefined;
    });
    expect((await waiting.describe()).status.name).toBe('RUNNING');
    await stop();

    stop = await startWorker(shop, queue, newSaga);
    await finish(shop, young);
    expect(shop.thanked).toEqual([young]);
    await stop();
    await keepHistory('patched-begun-before', client.workflow.getHandle(orderSagaId(old)));
    await keepHistory('patched-begun-after', client.workflow.getHandle(orderSagaId(young)));
  });
});

test('pinned: each order finishes on the code it began with, forwards and after a roll back', async () => {
  const shop = new Shop();
  const queue = `pinned-${randomUUID()}`;
  const deploymentName = `saga-${randomUUID()}`;
  const version = (buildId: string) => ({ deploymentName, buildId });
  // Without `patched`: an order that changed its code in flight could not go on.
  await withNewSaga('none', async (newSaga) => {
    const stopOld = await startWorker(shop, queue, OLD, version('1'));
    await makeCurrent(version('1'));
    const old = await startOrderInFlight(queue);

    const stopNew = await startWorker(shop, queue, newSaga, version('2'));
    await makeCurrent(version('2'));
    const young = await startOrderInFlight(queue);
    expect(shop.thanked).toEqual([young]);

    await makeCurrent(version('1'));
    const rolledBack = await startOrderInFlight(queue);
    for (const orderId of [old, young, rolledBack]) await finish(shop, orderId);
    expect(shop.thanked).toEqual([young]);
    await Promise.all([stopOld(), stopNew()]);
  });
});

/** As `temporal worker deployment set-current-version` does, once the server knows the worker. */
async function makeCurrent({
  deploymentName,
  buildId,
}: {
  deploymentName: string;
  buildId: string;
}) {
  await waitFor(`version ${buildId} to be current`, WAIT_MS, async () => {
    await client.workflowService.setWorkerDeploymentCurrentVersion({
      ...{ namespace: 'default', deploymentName, buildId },
      ignoreMissingTaskQueues: true,
    });
    return true;
  });
}

import { Dispatcher } from '../../../consumers/runtime/dispatcher';
import { Partition } from '../../../consumers/runtime/partition';

test('what was released before it began counts as not settled', async () => {
  // Nothing ever begins: what would be needed for that is not there.
  const limits = { concurrency: 0, batchSize: 1 };
  const dispatcher = new Dispatcher({ limits } as never);
  const partition = new Partition('stream', 1, '4-0');
  const delivery = { stream: 'stream', entryId: '5-1', fields: { key: 'a' } };
  const isSettled = dispatcher.addEntry(partition, delivery);
  dispatcher.release(partition);
  expect(await isSettled).toBe(false);
  expect(partition.inFlight.position()).toBe('5-0');
});

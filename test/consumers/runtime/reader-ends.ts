import { setTimeout as sleep } from 'node:timers/promises';
import { createBroker } from '../../../platform/redis-broker';
import type { GroupHarness } from './group-harness';

/** One that connects again has done so by then. */
const RECONNECTED_MS = 1_000;
const LOOK_MS = 20;

/** A reader that reads while its connection is cut, and one that does nothing: both fail from then on. */
export async function expectReaderToEnd(group: GroupHarness, url: string): Promise<void> {
  const broker = createBroker(group.link, { url, name: 'reader', onError: () => undefined });
  const [stream] = group.streams;
  const readers = [await broker.openReader(), await broker.openReader()] as const;
  const read = (index: 0 | 1) =>
    readers[index].send(stream!, ['XREAD', 'BLOCK', '2000', 'STREAMS', stream!, '$']);
  try {
    for (const reader of readers) await reader.send(stream!, ['EXISTS', stream!]);
    const underWay = expect(read(0)).rejects.toThrow();
    await group.cutConnections();
    await underWay;
    const until = performance.now() + RECONNECTED_MS;
    while (performance.now() < until) {
      await expect(read(0)).rejects.toThrow();
      await expect(read(1)).rejects.toThrow();
      await sleep(LOOK_MS);
    }
  } finally {
    for (const reader of readers) reader.close();
  }
}

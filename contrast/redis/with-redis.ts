import path from 'node:path';
import { freePort } from '../../dev/ports';
import { Processes } from '../../dev/processes';
import { scratchFolder } from '../../dev/scratch-folder';
import { startRedis } from '../../dev/servers/redis';
import { createRedis, type Redis } from '../../platform/redis';

/** Runs `use` with a Redis of its own, and a way to open connections to it; all of it is ended. */
export async function withRedis(
  use: (open: (name: string) => Promise<Redis>) => Promise<void>,
): Promise<void> {
  const folder = scratchFolder('tandem-redis-example-');
  const processes = new Processes(folder.path, () => undefined);
  const opened: Redis[] = [];
  try {
    const port = await freePort();
    const url = await startRedis(processes, { folder: path.join(folder.path, 'redis'), port });
    await use(async (name) => {
      const onError = () => undefined;
      const redis = createRedis({ url, name, use: 'blocking', onError });
      opened.push(redis);
      await redis.connect();
      return redis;
    });
  } finally {
    for (const redis of opened) redis.destroy();
    await processes.stopAll().finally(() => folder.remove());
  }
}

import path from 'node:path';
import { freePort } from '../../dev/ports';
import { startRedis } from '../../dev/servers/redis';
import { CLUSTER_NODES, startRedisCluster } from '../../dev/servers/redis-cluster';
import { closeSuiteSystem, openSuiteSystem } from './suite-system';

/** A test restarts the servers in the middle (DEBUG RESTART). */
const SETTINGS = ['--enable-debug-command', 'local'];

/** PostgreSQL with every schema, and one Redis or, with CONFORMANCE=cluster, three. */
export default async function setUp(): Promise<void> {
  const system = openSuiteSystem();
  const folder = path.join(system.folder, 'redis');
  try {
    await system.startPostgres();
    await system.prepareData();
    if (process.env['CONFORMANCE'] === 'cluster') {
      const ports = await Promise.all(Array.from({ length: CLUSTER_NODES }, () => freePort()));
      const options = { folder, ports, settings: SETTINGS };
      const url = await startRedisCluster(system.processes, options);
      process.env['TEST_REDIS_CLUSTER_URL'] = url;
    } else {
      const options = { folder, port: await freePort(), settings: SETTINGS };
      process.env['TEST_REDIS_URL'] = await startRedis(system.processes, options);
    }
  } catch (error) {
    await closeSuiteSystem();
    throw error;
  }
  process.env['TEST_DATABASE_URL'] = system.setting('DATABASE_URL');
}

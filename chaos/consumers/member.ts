import { loadConfig, readEnvironment } from '../../platform/config';
import { startHealthServer } from '../../platform/health-server';
import { runProcess } from '../../platform/lifecycle';
import { createLogger } from '../../platform/log';
import { openArchive } from '../../workers/connections';
import type { AnyConsumer } from '../../workers/consumer-registry';
import { startConsumer } from '../../workers/start-consumer';
import { GROUPS, type SoakGroup } from './groups';

const config = loadConfig(
  ...(['DATABASE_URL', 'REDIS_URL', 'CONSUMER_LEASE_SECONDS'] as const),
  ...(['HEALTH_HOST', 'HEALTH_PORT', 'LOG_LEVEL'] as const),
);
const logger = createLogger('soak-member', config.LOG_LEVEL);

// A consumer worker, but for whose groups it runs: those of the soak.
runProcess(logger, async (lifecycle) => {
  const group = readEnvironment()['SOAK_GROUP'] as SoakGroup;
  const host = {
    ...{ lifecycle, logger },
    archive: openArchive(lifecycle, logger, config.DATABASE_URL),
    databaseUrl: config.DATABASE_URL,
    redisUrl: config.REDIS_URL,
    leaseSeconds: config.CONSUMER_LEASE_SECONDS,
  };
  const [name, check] = await startConsumer(host, GROUPS[group] as unknown as AnyConsumer);
  const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
  const health = await startHealthServer(address, { [name]: check });
  lifecycle.onStop('health', health.close);
});

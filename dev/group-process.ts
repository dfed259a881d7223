import type { z } from 'zod';
import type { Consumer } from '../consumers/runtime/consumer';
import { migrateConsumer } from '../db/consumers/migrate-consumer';
import { createDatabase } from '../db/database';
import { loadConfig } from '../platform/config';
import { startHealthServer } from '../platform/health-server';
import { runProcess } from '../platform/lifecycle';
import { createLogger } from '../platform/log';
import { Metrics } from '../platform/metrics';
import { openArchive } from '../workers/connections';
import type { AnyConsumer } from '../workers/consumer-registry';
import { startConsumer } from '../workers/start-consumer';

/** A consumer whose tables do not matter here. */
type SomeConsumer = Pick<Consumer<z.ZodType, never>, 'group' | 'migrations'>;

/** Makes the tables of a consumer that is not in `consumers/`: one of a bench, or of a soak. */
export async function prepareGroup(
  url: string,
  { group, migrations }: SomeConsumer,
): Promise<void> {
  const options = { url, applicationName: 'prepare', searchPath: group };
  const db = createDatabase<unknown>({ ...options, onError: () => undefined });
  try {
    await migrateConsumer(db, group, migrations);
  } finally {
    await db.destroy();
  }
}

/** A consumer worker of such a consumer: this process is it, until it is told to stop. */
export function runGroupProcess(consumer: SomeConsumer): void {
  const config = loadConfig(
    ...(['DATABASE_URL', 'REDIS_URL', 'CONSUMER_LEASE_SECONDS'] as const),
    ...(['HEALTH_HOST', 'HEALTH_PORT', 'LOG_LEVEL'] as const),
  );
  const logger = createLogger(consumer.group, config.LOG_LEVEL);
  runProcess(logger, async (lifecycle) => {
    const host = {
      ...{ lifecycle, logger },
      archive: openArchive(lifecycle, logger, { url: config.DATABASE_URL }),
      databaseUrl: config.DATABASE_URL,
      redisUrl: config.REDIS_URL,
      leaseSeconds: config.CONSUMER_LEASE_SECONDS,
    };
    const [name, check] = await startConsumer(host, consumer as AnyConsumer);
    const address = { host: config.HEALTH_HOST, port: config.HEALTH_PORT };
    const metrics = new Metrics(consumer.group);
    const health = await startHealthServer({ ...address, metrics, checks: { [name]: check } });
    lifecycle.onStop('health', health.close);
  });
}

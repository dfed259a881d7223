import { migrateConsumer } from '../db/consumers/migrate-consumer';
import { createDatabase } from '../db/database';
import { migrateOrders } from '../db/migrate';
import { loadConfig } from '../platform/config';
import { createLogger } from '../platform/log';
import { loadConsumers } from './consumer-registry';

/** A migration may rewrite a large table. */
const STATEMENT_TIMEOUT_MS = 3_600_000;

const config = loadConfig('DATABASE_URL', 'LOG_LEVEL');
const logger = createLogger('migrate', config.LOG_LEVEL);

/** Brings every schema up to date: the orchestrated side's, then each consumer's. */
async function migrateAll(): Promise<void> {
  logger.info({ schema: 'orders', ran: await withDatabase(undefined, migrateOrders) }, 'migrated');
  for (const { group, migrations } of loadConsumers()) {
    const ran = await withDatabase(group, (db) => migrateConsumer(db, group, migrations));
    logger.info({ schema: group, ran }, 'migrated');
  }
}

async function withDatabase<Result>(
  searchPath: string | undefined,
  run: (db: ReturnType<typeof createDatabase<unknown>>) => Promise<Result>,
): Promise<Result> {
  const db = createDatabase<unknown>({
    url: config.DATABASE_URL,
    applicationName: 'tandem-migrate',
    maxConnections: 2,
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    ...(searchPath === undefined ? {} : { searchPath }),
    onError: (err) => logger.warn({ err }, 'lost a database connection'),
  });
  try {
    return await run(db);
  } finally {
    await db.destroy();
  }
}

migrateAll().catch((err: unknown) => {
  logger.fatal({ err }, 'could not migrate');
  process.exitCode = 1;
});

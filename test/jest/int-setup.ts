import { closeSuiteSystem, openSuiteSystem } from './suite-system';

/** PostgreSQL with every schema, and Redis. */
export default async function setUp(): Promise<void> {
  const system = openSuiteSystem();
  try {
    await Promise.all([system.startPostgres(), system.startRedis()]);
    await system.prepareData();
  } catch (error) {
    await closeSuiteSystem();
    throw error;
  }
  process.env['TEST_DATABASE_URL'] = system.setting('DATABASE_URL');
  process.env['TEST_REDIS_URL'] = system.setting('REDIS_URL');
}

import { SERVICES } from '../../dev/system';
import { closeSuiteSystem, openSuiteSystem } from './suite-system';

/** Short, so that a killed member's work is taken over while a test still waits. */
const LEASE_SECONDS = '2';

/** Everything that `npm start` brings up. What a test kills is started again, as there. */
export default async function setUp(): Promise<void> {
  const system = openSuiteSystem();
  try {
    await Promise.all([
      ...[system.startPostgres(), system.startRedis(), system.startTemporal()],
      system.startDoubles(),
    ]);
    await system.prepareData();
    system.saveSettings();
    const more = { CONSUMER_LEASE_SECONDS: LEASE_SECONDS };
    await Promise.all(SERVICES.map((service) => system.startService(service, more)));
  } catch (error) {
    await closeSuiteSystem();
    throw error;
  }
  process.env['TEST_DATABASE_URL'] = system.setting('DATABASE_URL');
  process.env['TEST_REDIS_URL'] = system.setting('REDIS_URL');
  process.env['TEST_TEMPORAL_ADDRESS'] = system.setting('TEMPORAL_ADDRESS');
  process.env['TEST_PAYMENTS_URL'] = system.setting('STRIPE_API_BASE');
  process.env['TEST_MAILS_URL'] = `http://127.0.0.1:${system.inboxPort}/mails.json`;
  process.env['TEST_API_URL'] = system.apiUrl;
  process.env['TEST_API_KEY'] = system.ordersApi.apiKey;
  process.env['TEST_FOLDER'] = system.folder;
}

import { stockProduct } from '../../dev/catalogue';
import { onScratchSystem } from '../../dev/scratch-system';
import { withDatabase } from '../../dev/with-database';
import { runSoakCommand } from '../soak-command';
import { fuzzApi } from './run';

const USAGE = `npm run fuzz -- [--requests N] [--seed S]

Starts the API on servers of its own and sends N requests (50,000) that are made from its OpenAPI
document and build on each other. A failure is an answer that is 5xx, or not as the document says.`;

runSoakCommand({
  usage: USAGE,
  count: { option: 'requests', usual: 50_000, min: 1, max: 10_000_000 },
  run: (wanted) =>
    onScratchSystem({ name: 'fuzz', withoutTemporal: true }, async (system) => {
      await withDatabase(system.setting('DATABASE_URL'), 'tandem-fuzz', async (db) => {
        await stockProduct(db, 'FUZZ', 1_000_000);
      });
      // Nobody places the orders: they wait, and none is refused for that.
      await system.startService('api', { BACKLOG_MAX_PENDING: '1000000' });
      return fuzzApi(system.ordersApi, wanted);
    }),
});

import { sql } from 'kysely';
import { stockProduct } from '../../dev/catalogue';
import { withDatabase } from '../../dev/with-database';
import { OrderCreated } from '../../events/order-events';
import type { Design, KnownOrder } from '../design';
import { PLACEMENT_DEADLINE_SECONDS } from '../placement-deadline';
import { poisonGroup } from '../poison';
import { LEASE, orderIdsIn } from '../services';

const SAGA = { PLACEMENT_DEADLINE_SECONDS: String(PLACEMENT_DEADLINE_SECONDS) };

/** The product: a saga decides, and consumers hear of what it decided. */
export const orchestrated: Design = {
  name: 'orchestrated',
  title: 'Orchestrated, with events',
  withoutTemporal: false,
  code: ['workflows', 'activities', 'consumers/notification.ts', 'consumers/mail'],
  async prepare(system, products) {
    await withDatabase(system.setting('DATABASE_URL'), 'contrast', async (db) => {
      for (const { sku, unitPriceMinor, onHand } of products) {
        await stockProduct(db, sku, onHand, unitPriceMinor);
      }
    });
  },
  async start(system) {
    await Promise.all([
      system.startService('saga-worker', SAGA),
      system.startService('api', SAGA),
      system.startNotificationWorker(LEASE),
    ]);
  },
  api: (system) => system.ordersApi,
  driver: 'saga-worker',
  notifier: 'notification-worker',
  startNotifier: (system) => system.startNotificationWorker(LEASE),
  holdsTable: 'inventory.holds',
  async orders(db) {
    const { rows } = await sql<KnownOrder>`
      select o.customer_id as "customerId", o.order_id as "orderId", line.sku, line.quantity,
             o.total_minor as "totalMinor",
             case when o.status = 'pending' then 'open' else o.status end as status,
             (select min(recorded_at) from orders.journal as j where j.order_id = o.order_id
                and j.name in ('OrderCreated', 'OrderRejected', 'OrderFailed')) as "endedAt"
      from orders.orders as o join orders.order_lines as line using (order_id)`.execute(db);
    return rows;
  },
  async available(db) {
    const { rows } = await sql<{ units: number }>`
      select sum(on_hand - reserved)::int as units from inventory.stock`.execute(db);
    return rows[0]!.units;
  },
  poison: (system) => poisonGroup(system, 'notification', OrderCreated),
  changes: {
    consumer: {
      patch: 'orchestrated.consumer.patch',
      restarts: [],
      starts: ['points'],
      async deploy(system, root) {
        await system.migrate(root);
        const env = { ...LEASE, CONSUMER_GROUPS: 'points' };
        await system.startProgram('points', 'workers/consumer-worker.ts', env, undefined, root);
      },
      covered: (db) => orderIdsIn(db, 'points.points'),
    },
    step: {
      patch: 'orchestrated.step.patch',
      restarts: ['saga-worker'],
      starts: [],
      async deploy(system, root) {
        await system.migrate(root);
        await system.processes.stop('saga-worker');
        await system.startProgram('saga-worker', 'workers/saga-worker.ts', SAGA, undefined, root);
      },
      covered: (db) => orderIdsIn(db, 'inventory.deliveries'),
    },
  },
  places: [
    { where: 'orders.orders', tells: 'how far it came, and whether a person is needed' },
    { where: 'orders.journal', tells: 'each thing that has become true, and which events are out' },
    { where: 'inventory.holds', tells: 'whether goods are held' },
    { where: 'payments.payments', tells: 'whether money is put aside' },
    { where: "Temporal's history", tells: 'which step is being tried, and why it failed' },
    { where: 'streams', tells: 'whether its events are there' },
    { where: 'notification.mails', tells: 'whether the mail went out' },
    { where: 'notification.dead_letters', tells: 'whether that consumer has given up' },
  ],
  atOnce: 'npm run ops -- xray ORDER',
};

import { sql } from 'kysely';
import { prepareGroup } from '../../dev/group-process';
import type { System } from '../../dev/system';
import { waitFor } from '../../dev/wait';
import type { Design } from '../design';
import { poisonGroup } from '../poison';
import { fillShelf, LEASE, orderIdsIn, SERVICES, withTables } from '../services';
import { StockReserved } from './events';
import { inventory } from './inventory';
import { notification } from './notification';
import { orders } from './orders';
import { payment } from './payment';

/** As many orders as are under way at once. */
const NEARLY_THERE = 10;
const CATCH_UP_TIMEOUT_MS = 120_000;

const FOLDER = 'contrast/choreographed';

/** Four services that hear each other's events, and nobody who knows the whole. */
export const choreographed: Design = {
  ...SERVICES,
  name: 'choreographed',
  title: 'Choreographed',
  code: [
    ...['orders', 'events', 'inventory', 'payment', 'notification'].map(
      (name) => `${FOLDER}/${name}.ts`,
    ),
    ...['contrast/participants', 'contrast/http-service.ts'],
  ],
  async prepare(system, products) {
    const url = system.setting('DATABASE_URL');
    for (const service of [orders, inventory, payment, notification]) {
      await prepareGroup(url, service);
    }
    await fillShelf(system, products);
  },
  async start(system) {
    const services = ['inventory', 'payment', 'notification', 'orders'];
    await Promise.all(services.map((name) => run(system, name)));
  },
  driver: 'payment',
  startNotifier: (system) => run(system, 'notification'),
  poison: (system) => poisonGroup(system, payment.group, StockReserved),
  changes: {
    consumer: {
      patch: 'choreographed.consumer.patch',
      restarts: [],
      starts: ['loyalty'],
      deploy: (system, root) => run(system, 'loyalty', root),
      covered: (db) => orderIdsIn(db, 'contrast_loyalty.points'),
    },
    step: {
      patch: 'choreographed.step.patch',
      restarts: ['orders'],
      starts: ['delivery'],
      async deploy(system, root) {
        await run(system, 'delivery', root);
        // It reads what was said since the beginning, and books for orders that have ended long ago.
        await caughtUp(system);
        await system.processes.stop('orders');
        await run(system, 'orders', root);
      },
      covered: (db) => orderIdsIn(db, 'contrast_delivery.bookings'),
    },
  },
  places: [
    { where: 'contrast_orders.orders', tells: 'whether it has ended' },
    { where: 'contrast_inventory.holds', tells: 'whether goods are held' },
    { where: 'contrast_payment.payments', tells: 'whether money is put aside' },
    { where: 'streams', tells: 'which event was said last, and so whose turn it is' },
    { where: 'contrast_payment.parked', tells: 'whether that service waits to try again' },
    { where: 'contrast_payment.dead_letters', tells: 'whether it has given up' },
    { where: 'contrast_notification.inbox', tells: 'whether the mail went out' },
  ],
};

async function run(system: System, name: string, root?: string): Promise<void> {
  await system.startProgram(name, `${FOLDER}/${name}.ts`, LEASE, undefined, root);
}

/** A new group has come so near to the present that nobody will notice the change. */
async function caughtUp(system: System): Promise<void> {
  await withTables(system, (db) =>
    waitFor('deliveries to be booked', CATCH_UP_TIMEOUT_MS, async () => {
      const { rows } = await sql<{ behind: number }>`
        select (select count(*) from contrast_payment.payments where state <> 'declined')::int
             - (select count(*) from contrast_delivery.bookings)::int as behind`.execute(db);
      return rows[0]!.behind < NEARLY_THERE ? true : undefined;
    }),
  );
}

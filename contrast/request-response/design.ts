import { sql } from 'kysely';
import type { System } from '../../dev/system';
import type { Design } from '../design';
import { INVENTORY_TABLES } from '../participants/inventory';
import { ORDERS_TABLES } from '../participants/orders';
import { PAYMENT_TABLES } from '../participants/payment';
import { fillShelf, orderIdsIn, SERVICES, urlOf, withTables } from '../services';

const TABLES = {
  contrast_orders: ORDERS_TABLES,
  contrast_inventory: INVENTORY_TABLES,
  contrast_payment: PAYMENT_TABLES,
};

const FOLDER = 'contrast/request-response';

/** Three services that are asked in turn, by a fourth that waits. */
export const requestResponse: Design = {
  ...SERVICES,
  name: 'request-response',
  title: 'Request-response',
  code: [
    ...['orders', 'place-order', 'sweep', 'call', 'inventory', 'payment', 'notification'].map(
      (name) => `${FOLDER}/${name}.ts`,
    ),
    ...['contrast/participants', 'contrast/http-service.ts'],
  ],
  async prepare(system, products) {
    await withTables(system, async (db) => {
      for (const [schema, tables] of Object.entries(TABLES)) {
        await sql
          .raw(`create schema ${schema}; set search_path = ${schema}; ${tables}`)
          .execute(db);
      }
      await sql.raw('reset search_path').execute(db);
    });
    await fillShelf(system, products);
  },
  async start(system) {
    await Promise.all(['inventory', 'payment', 'notification'].map((name) => run(system, name)));
    await startOrders(system);
  },
  driver: 'orders',
  startNotifier: (system) => run(system, 'notification'),
  async poison(system) {
    const response = await fetch(`${urlOf(system.portOf('inventory'))}/reserve`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ order: 42 }),
    });
    return `refused at once, to its sender: ${response.status}`;
  },
  changes: {
    consumer: {
      patch: 'request-response.consumer.patch',
      restarts: ['orders'],
      starts: ['loyalty'],
      deploy: (system, root) => addService(system, root, 'loyalty'),
      covered: (db) => orderIdsIn(db, 'contrast_loyalty.points'),
    },
    step: {
      patch: 'request-response.step.patch',
      restarts: ['orders'],
      starts: ['delivery'],
      deploy: (system, root) => addService(system, root, 'delivery'),
      covered: (db) => orderIdsIn(db, 'contrast_delivery.bookings'),
    },
  },
  places: [
    {
      where: 'contrast_orders.orders',
      tells: 'how far the request came, and whether money was taken',
    },
    { where: 'contrast_inventory.holds', tells: 'whether goods are held' },
    { where: 'contrast_payment.payments', tells: 'whether money is put aside' },
    { where: 'log of orders', tells: 'whether the mail failed' },
  ],
};

async function run(system: System, name: string, root?: string): Promise<void> {
  await system.startProgram(name, `${FOLDER}/${name}.ts`, {}, undefined, root);
}

async function startOrders(system: System, root?: string): Promise<void> {
  const callees = ['inventory', 'payment', 'notification', 'loyalty', 'delivery'];
  const known = callees.filter((name) => system.processes.pidOf(name) !== undefined);
  const urls = known.map((name) => [`${name.toUpperCase()}_URL`, urlOf(system.portOf(name))]);
  const env = Object.fromEntries(urls) as Record<string, string>;
  await system.startProgram('orders', `${FOLDER}/orders.ts`, env, undefined, root);
}

/** The new service first; then who calls it is started anew. */
async function addService(system: System, root: string, name: string): Promise<void> {
  await run(system, name, root);
  await system.processes.stop('orders');
  await startOrders(system, root);
}

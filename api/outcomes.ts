import { Client } from 'pg';
import type { Logger } from 'pino';
import { poolConfig, type DatabaseOptions } from '../db/database';
import { OUTCOME_CHANNEL } from '../db/order-endings';
import { Watches, type Watch } from './watches';

/** How often the listening connection is tried, so that a dead one is noticed. */
const PROBE_INTERVAL_MS = 5_000;
const RECONNECT_DELAY_MS = 500;

/** Tells when the placement of an order is over, on one database connection for all who wait. */
export interface Outcomes {
  /** Begins to listen for this order; undefined when too many wait already. */
  readonly watch: (orderId: string) => Watch | undefined;
  /** Sends everyone home who waits, and stops listening. */
  readonly close: () => Promise<void>;
}

/** Listens to PostgreSQL's NOTIFY; reconnects for ever, and then wakes everyone to look again. */
export function listenToOutcomes(options: DatabaseOptions, logger: Logger): Outcomes {
  const watches = new Watches();
  let isClosed = false;
  let stopListening: () => Promise<void> = () => Promise.resolve();

  async function listenForEver(): Promise<void> {
    while (!isClosed) {
      try {
        await listenOnce(options, watches, (stop) => (stopListening = stop));
      } catch (err) {
        if (!isClosed) logger.warn({ err }, 'lost the connection that tells outcomes');
      }
      if (!isClosed) await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY_MS));
    }
  }
  const listening = listenForEver();

  return {
    watch: (orderId) => (isClosed ? undefined : watches.add(orderId)),
    async close() {
      isClosed = true;
      watches.closeAll();
      await stopListening();
      await listening;
    },
  };
}

/** Listens on one connection until it is lost or stopped. */
async function listenOnce(
  options: DatabaseOptions,
  watches: Watches,
  onStart: (stop: () => Promise<void>) => void,
): Promise<void> {
  const client = new Client(poolConfig(options));
  const ended = new Promise<void>((resolve, reject) => {
    client.once('end', resolve);
    client.on('error', reject);
  });
  ended.catch(() => undefined);
  onStart(() => client.end());
  client.on('notification', ({ payload }) => watches.tell(payload ?? ''));
  const probe = setInterval(() => {
    client.query('select 1').catch(() => client.end());
  }, PROBE_INTERVAL_MS);
  try {
    await client.connect();
    await client.query(`listen ${OUTCOME_CHANNEL}`);
    // What ended while nobody listened.
    watches.tellAll();
    await ended;
  } finally {
    clearInterval(probe);
    client.end().catch(() => undefined);
  }
}

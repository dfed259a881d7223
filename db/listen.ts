import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { poolConfig, type DatabaseOptions } from './database';

/** How often the listening connection is tried, so that a dead one is noticed. */
const PROBE_INTERVAL_MS = 5_000;
const RECONNECT_DELAY_MS = 500;
/** Whoever stops waits no longer for a server that does not answer. */
const CLOSE_PATIENCE_MS = 1_000;

/** Who is told what is said on a channel. */
export interface Listener {
  readonly onNotification: (payload: string) => void;
  /** Listening began, for the first time or again: what was said meanwhile was not heard. */
  readonly onListening: () => void;
}

/** Listens to PostgreSQL's NOTIFY on one connection, and reconnects until it is closed. */
export function listen(
  options: DatabaseOptions,
  channel: string,
  listener: Listener,
): { close(): Promise<void> } {
  let isClosed = false;
  let stopListening: () => Promise<void> = () => Promise.resolve();

  async function listenForEver(): Promise<void> {
    while (!isClosed) {
      try {
        await listenOnce(options, channel, listener, (stop) => (stopListening = stop));
      } catch (error) {
        if (!isClosed) options.onError(error instanceof Error ? error : new Error(String(error)));
      }
      if (!isClosed) await new Promise((resolve) => setTimeout(resolve, RECONNECT_DELAY_MS));
    }
  }
  const listening = listenForEver();

  return {
    async close() {
      isClosed = true;
      // Not awaited: one that is still connecting may never say that it has ended.
      stopListening().catch(() => undefined);
      await Promise.race([listening, sleep(CLOSE_PATIENCE_MS, undefined, { ref: false })]);
    },
  };
}

/** Listens on one connection until it is lost or stopped. */
async function listenOnce(
  options: DatabaseOptions,
  channel: string,
  { onNotification, onListening }: Listener,
  onStart: (stop: () => Promise<void>) => void,
): Promise<void> {
  const client = new Client(poolConfig(options));
  const ended = new Promise<void>((resolve, reject) => {
    client.once('end', resolve);
    client.on('error', reject);
  });
  ended.catch(() => undefined);
  onStart(() => client.end());
  client.on('notification', ({ payload }) => onNotification(payload ?? ''));
  const probe = setInterval(() => {
    client.query('select 1').catch(() => client.end());
  }, PROBE_INTERVAL_MS);
  try {
    // Ended while it connects, or asks to listen, it would answer neither.
    await Promise.race([client.connect(), ended]);
    await Promise.race([client.query(`listen ${channel}`), ended]);
    onListening();
    await ended;
  } finally {
    clearInterval(probe);
    client.end().catch(() => undefined);
  }
}

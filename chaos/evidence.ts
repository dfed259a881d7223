import { createDatabase } from '../db/database';
import { stockProduct } from '../dev/catalogue';
import { fetchIntents } from '../dev/payment-simulator/client';
import type { System } from '../dev/system';
import { createRedis } from '../platform/redis';
import type { Evidence } from './invariants';

/** Evidence that is to be closed. */
export interface OpenEvidence extends Evidence {
  readonly close: () => Promise<void>;
}

/** Looks into a system, around whatever is broken in it, with one product on its shelf. */
export async function openEvidence(
  system: System,
  { name, sku, onHand }: { name: string; sku: string; onHand: number },
): Promise<OpenEvidence> {
  const onError = () => undefined;
  const url = system.setting('DATABASE_URL');
  const db = createDatabase({ url, applicationName: name, onError });
  const redis = createRedis({ url: system.setting('REDIS_URL'), name, use: 'blocking', onError });
  const close = async () => {
    redis.destroy();
    await db.destroy();
  };
  try {
    await redis.connect();
    await stockProduct(db, sku, onHand);
  } catch (error) {
    await close();
    throw error;
  }
  const intents = () => fetchIntents(system.setting('STRIPE_API_BASE'));
  return { db, redis, initialStock: new Map([[sku, onHand]]), intents, close };
}

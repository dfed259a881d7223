import { createActivities, type SagaActivities } from '../../activities';
import { createDatabase, type Database } from '../../db/database';
import { createSealer, sealingKeysSchema } from '../../events/sealing';
import { loadConfig } from '../../platform/config';
import { createRedis } from '../../platform/redis';
import { createStripe } from '../../workers/stripe';

/** The effects that every variant has: our own activities, on the same servers. */
export async function openEffects(): Promise<{ db: Database; activities: SagaActivities }> {
  const config = loadConfig(
    'DATABASE_URL',
    'REDIS_URL',
    'STRIPE_API_KEY',
    'STRIPE_API_BASE',
    'EVENT_SEALING_KEYS',
  );
  const onError = () => undefined;
  const db = createDatabase({ url: config.DATABASE_URL, applicationName: 'bench', onError });
  const redis = createRedis({ url: config.REDIS_URL, name: 'bench', use: 'commands', onError });
  await redis.connect();
  const activities = createActivities({
    db,
    redis,
    stripe: createStripe(config.STRIPE_API_KEY, config.STRIPE_API_BASE),
    sealer: createSealer(sealingKeysSchema.parse(config.EVENT_SEALING_KEYS)),
  });
  return { db, activities };
}

import type { QueryExecutorProvider } from 'kysely';
import { forgetfulSettings } from '../db/durability';
import { givenSettings, type Config } from '../platform/config';
import type { Logger } from '../platform/log';
import { refuseUnsafe, unsafeSettings } from '../platform/production';
import { evictionPolicy } from '../platform/redis';
import type { RedisLink } from '../platform/redis-link';

/** The servers of a process. */
interface Servers {
  readonly db: QueryExecutorProvider;
  readonly redis: RedisLink;
}

/**
 * In production: throws everything that is unsafe about the settings (all that are given, whichever
 * process they are for) and the servers, at once. A server that is away says nothing, and is not
 * waited for.
 */
export async function refuseUnsafeStart(
  { NODE_ENV }: Config<'NODE_ENV'>,
  { db, redis }: Servers,
  logger: Logger,
): Promise<void> {
  if (NODE_ENV !== 'production') return;
  const ofServers = await Promise.all([
    unlessAway(unsafeDatabase(db), logger),
    unlessAway(unsafeRedis(redis), logger),
  ]);
  refuseUnsafe([...unsafeSettings(givenSettings()), ...ofServers.flat()]);
}

async function unsafeDatabase(db: QueryExecutorProvider): Promise<string[]> {
  const forgetful = await forgetfulSettings(db);
  return forgetful.map((name) => `PostgreSQL has ${name}=off: it may forget what was accepted`);
}

async function unsafeRedis(redis: RedisLink): Promise<string[]> {
  const policy = await evictionPolicy(redis);
  return policy ? [`Redis has maxmemory-policy ${policy}: it may drop whole streams`] : [];
}

async function unlessAway(findings: Promise<string[]>, logger: Logger): Promise<string[]> {
  return findings.catch((err: unknown) => {
    logger.warn({ err }, 'a server is away, so it is not known whether it is safe');
    return [];
  });
}

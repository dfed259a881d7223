import type { Kysely } from 'kysely';
import { forgetfulSettings } from '../db/durability';
import type { Config } from '../platform/config';
import type { Logger } from '../platform/log';
import { refuseUnsafe, unsafeSettings } from '../platform/production';
import { evictionPolicy, type RedisLink } from '../platform/redis';
import type { settings } from '../platform/settings';

type ProcessConfig = Partial<Config<keyof typeof settings>> & Config<'NODE_ENV'>;

/** The servers of a process. */
interface Servers {
  readonly db: Kysely<never>;
  readonly redis?: RedisLink;
}

/**
 * In production: throws everything that is unsafe about the settings and the servers, at once. A
 * server that is away says nothing, and is not waited for.
 */
export async function refuseUnsafeStart(
  config: ProcessConfig,
  { db, redis }: Servers,
  logger: Logger,
): Promise<void> {
  if (config.NODE_ENV !== 'production') return;
  const ofServers = await Promise.all([
    unlessAway(unsafeDatabase(db), logger),
    ...(redis ? [unlessAway(unsafeRedis(redis), logger)] : []),
  ]);
  refuseUnsafe([...unsafeSettings(config), ...ofServers.flat()]);
}

async function unsafeDatabase(db: Kysely<never>): Promise<string[]> {
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

import { setTimeout as sleep } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { createDatabase, type DatabaseOptions } from '../db/database';
import type { Lifecycle } from '../platform/lifecycle';
import type { Logger } from '../platform/log';
import { createLink, evictionPolicy } from '../platform/redis';
import type { RedisLink, RedisOptions } from '../platform/redis-link';

/** A process that starts waits so long for Redis, then goes on without it. */
const CONNECT_PATIENCE_MS = 2_000;

/** A pool that is closed when the process stops. */
export function openDatabase<Schema>(
  { onStop }: Lifecycle,
  logger: Logger,
  options: Omit<DatabaseOptions, 'onError'>,
): Kysely<Schema> {
  const onError = (err: Error) => logger.warn({ err }, 'lost a database connection');
  const db = createDatabase<Schema>({ ...options, onError });
  onStop('database', () => db.destroy());
  return db;
}

/** Replays read page by page, a few at once. */
const ARCHIVE_CONNECTIONS = 2;

/** The archive of all events, as consumers' processes may read it. */
export function openArchive(
  lifecycle: Lifecycle,
  logger: Logger,
  { url, onPool }: Pick<DatabaseOptions, 'url' | 'onPool'>,
): Kysely<unknown> {
  return openDatabase<unknown>(lifecycle, logger, {
    ...{ url, onPool },
    applicationName: 'tandem-consumer-archive',
    role: 'tandem_archive',
    maxConnections: ARCHIVE_CONNECTIONS,
  });
}

/** Whether somebody else looks at the server when the process starts, and tells all at once. */
interface StartChecks {
  readonly isCheckedAtStart?: boolean;
}

/**
 * A link to Redis that is closed when the process stops. It goes on connecting in the background
 * when Redis is away, so that a process starts all the same; a Redis that may evict keys ends it.
 */
export async function openRedis(
  { onStop, fail }: Lifecycle,
  logger: Logger,
  options: Omit<RedisOptions, 'onError'> & StartChecks,
): Promise<RedisLink> {
  const onError = (err: Error) => logger.warn({ err, connection: options.name }, 'Redis is away');
  const redis = createLink({ ...options, onError });
  onStop('redis', () => redis.close());
  // Also after each reconnection: it may be another server.
  let isChecked = options.isCheckedAtStart ?? false;
  redis.onReady(() => {
    if (isChecked) return void (isChecked = false);
    void evictionPolicy(redis).then(
      (policy) => {
        if (policy) fail(new Error(`Redis has maxmemory-policy ${policy}: set it to noeviction`));
      },
      (err: unknown) => logger.warn({ err }, "could not read Redis's eviction policy"),
    );
  });
  // Only a client that was stopped while it connected gives up.
  const connected = redis.connect().catch(() => undefined);
  await Promise.race([connected, sleep(CONNECT_PATIENCE_MS)]);
  return redis;
}

import { createClient } from 'redis';

/**
 * A connection that has not answered for this long is broken off, and its calls fail: shorter than
 * an activity's 10 s. The client has no deadline of its own for a command already written.
 */
const ANSWER_TIMEOUT_MS = 3_000;
const PING_INTERVAL_MS = 1_000;

const CONNECT_TIMEOUT_MS = 2_000;
const MAX_RECONNECT_DELAY_MS = 2_000;

/** The longest a blocking read may block. */
const MAX_BLOCK_MS = 2_000;

/** How to reach Redis. */
export interface RedisOptions {
  readonly url: string;
  readonly name: string;
  /**
   * `commands` for a shared, pipelined connection; calls fail at once while Redis is away.
   * `blocking` for a connection of its own whose reads block up to 2 s.
   */
  readonly use: 'commands' | 'blocking';
  /** Told of lost connections; reconnecting goes on by itself. */
  readonly onError: (error: Error) => void;
}

/** A Redis client that reconnects for ever; call `connect()` before use. */
export function createRedis({ url, name, use, onError }: RedisOptions) {
  const isBlocking = use === 'blocking';
  const client = createClient({
    url,
    name,
    RESP: 2,
    maintNotifications: 'disabled',
    // A queue would hide an outage and let calls overtake each other: their callers retry.
    disableOfflineQueue: true,
    ...(isBlocking ? {} : { pingInterval: PING_INTERVAL_MS }),
    socket: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: isBlocking ? MAX_BLOCK_MS + ANSWER_TIMEOUT_MS : ANSWER_TIMEOUT_MS,
      // The client's own strategy gives up for good after a socket timeout.
      reconnectStrategy: (retries) => Math.min(50 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
    },
  });
  client.on('error', onError);
  return client;
}

/** What {@link createRedis} returns. */
export type Redis = ReturnType<typeof createRedis>;

/**
 * The policy by which Redis evicts keys, undefined when it evicts none: it would drop whole streams
 * with their groups, silently. Reads INFO, because CONFIG is forbidden on many hosted servers.
 */
export async function evictionPolicy(redis: Redis): Promise<string | undefined> {
  const policy = /^maxmemory_policy:(\S+)/m.exec(await redis.info('memory'))?.[1];
  return policy === 'noeviction' ? undefined : policy;
}

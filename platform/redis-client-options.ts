import type { RedisClientOptions } from 'redis';
import type { RedisOptions } from './redis-link';
import type { RedisPlace } from './redis-url';

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

/** The same for each kind of server. */
export function clientOptions(
  { use, endsWithConnection = false }: Pick<RedisOptions, 'use' | 'endsWithConnection'>,
  isTls = false,
) {
  const isBlocking = use === 'blocking';
  return {
    maintNotifications: 'disabled',
    // A queue would hide an outage and let calls overtake each other: their callers retry.
    disableOfflineQueue: true,
    ...(isBlocking ? {} : { pingInterval: PING_INTERVAL_MS }),
    socket: {
      ...(isTls ? { tls: true } : {}),
      connectTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: isBlocking ? MAX_BLOCK_MS + ANSWER_TIMEOUT_MS : ANSWER_TIMEOUT_MS,
      // The client's own strategy gives up for good after a socket timeout.
      reconnectStrategy: endsWithConnection ? false : delayBefore,
    },
  } as const satisfies Partial<RedisClientOptions>;
}

function delayBefore(retries: number): number {
  return Math.min(50 * 2 ** retries, MAX_RECONNECT_DELAY_MS);
}

/** Who we are, where the server asks. */
export function credentials({ username, password }: RedisPlace) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

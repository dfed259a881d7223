import { createClient, createCluster, createSentinel, type RedisClientOptions } from 'redis';
import { parseRedisUrl, type RedisPlace } from './redis-url';

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

/** After a failover the new master is looked for this often. */
const SENTINEL_SCAN_MS = 1_000;

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

/** A Redis client of one server that reconnects for ever; call `connect()` before use. */
export function createRedis({ url, name, use, onError }: RedisOptions) {
  const client = createClient({ url, name, RESP: 2, ...clientOptions(use) });
  client.on('error', onError);
  return client;
}

/** What {@link createRedis} returns. */
export type Redis = ReturnType<typeof createRedis>;

/** The servers behind REDIS_URL as one: a server, a master that Sentinels name, or a cluster. */
export interface RedisLink {
  /** Resolves when it can be used; goes on connecting until it is closed. */
  connect(): Promise<unknown>;
  close(): void;
  /** Sends a command to the server that has this key; the reply has RESP2's shape. */
  send(key: string, args: readonly string[]): Promise<unknown>;
  /** Sends it to each server that takes writes. */
  sendToAll(args: readonly string[]): Promise<unknown[]>;
  onReady(listener: () => void): void;
  /** Whether one command may name keys of all partitions. */
  readonly isOneServer: boolean;
}

/** Opens nothing yet: call `connect()`. Throws when the URL is none that we know. */
export function createLink(options: RedisOptions): RedisLink {
  const place = parseRedisUrl(options.url);
  if (!place) throw new Error('REDIS_URL is no URL of a Redis that we know');
  if (place.kind === 'cluster') return clusterLink(place, options);
  return place.kind === 'sentinel' ? sentinelLink(place, options) : serverLink(options);
}

function serverLink(options: RedisOptions): RedisLink {
  const client = createRedis(options);
  return {
    isOneServer: true,
    connect: () => client.connect(),
    close: () => {
      if (client.isOpen) client.destroy();
    },
    send: (_key, args) => client.sendCommand([...args]),
    sendToAll: async (args) => [await client.sendCommand([...args])],
    onReady: (listener) => void client.on('ready', listener),
  };
}

function sentinelLink(place: RedisPlace, { name, use, onError }: RedisOptions): RedisLink {
  const { database, username, password, hosts } = place;
  const client = createSentinel({
    name: place.masterName!,
    sentinelRootNodes: [...hosts],
    RESP: 2,
    // Commands are pipelined on one connection, not handed from one of a pool to the next.
    reserveClient: true,
    scanInterval: SENTINEL_SCAN_MS,
    passthroughClientErrorEvents: true,
    nodeClientOptions: {
      ...{ ...clientOptions(use, place.isTls), RESP: 2, name, database },
      ...credentials(username, password),
    },
  });
  client.on('error', onError);
  client.on('client-error', ({ error }: { error: Error }) => onError(error));
  return {
    isOneServer: true,
    connect: () => client.connect(),
    close: () => void client.destroy().catch(() => undefined),
    send: (_key, args) => client.sendCommand(false, [...args]),
    sendToAll: async (args) => [await client.sendCommand(false, [...args])],
    onReady: (listener) =>
      void client.on('topology-change', ({ type }: { type: string }) => {
        if (type === 'MASTER_CHANGE') listener();
      }),
  };
}

function clusterLink(place: RedisPlace, { name, use, onError }: RedisOptions): RedisLink {
  const { username, password, hosts } = place;
  const defaults = {
    ...{ ...clientOptions(use, place.isTls), RESP: 2, name },
    ...credentials(username, password),
  };
  const client = createCluster({
    RESP: 2,
    rootNodes: hosts.map(({ host, port }) => ({ socket: { host, port } })),
    defaults: defaults,
    minimizeConnections: true,
  });
  client.on('error', onError);
  client.on('node-error', onError);
  return {
    isOneServer: false,
    connect: () => client.connect(),
    close: () => {
      if (client.isOpen) client.destroy();
    },
    send: (key, args) => client.sendCommand(key, false, [...args]),
    sendToAll: (args) =>
      Promise.all(
        client.masters.map(async (node) => (await client.nodeClient(node)).sendCommand([...args])),
      ),
    onReady: (listener) => void client.on('node-ready', listener),
  };
}

function credentials(username: string | undefined, password: string | undefined) {
  return {
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}

function clientOptions(use: RedisOptions['use'], isTls = false) {
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
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** retries, MAX_RECONNECT_DELAY_MS),
    },
  } as const satisfies Partial<RedisClientOptions>;
}

/**
 * The policy by which Redis evicts keys, undefined when it evicts none: it would drop whole streams
 * with their groups, silently. Reads INFO, because CONFIG is forbidden on many hosted servers.
 */
export async function evictionPolicy(redis: Pick<RedisLink, 'sendToAll'>) {
  const answers = await redis.sendToAll(['INFO', 'memory']);
  return answers
    .map((info) => /^maxmemory_policy:(\S+)/m.exec(String(info))?.[1])
    .find((policy) => policy !== undefined && policy !== 'noeviction');
}

import { createClient, createCluster } from 'redis';
import { clientOptions, credentials } from './redis-client-options';
import type { RedisLink, RedisOptions } from './redis-link';
import { sentinelLink } from './redis-sentinel';
import { parseRedisUrl, type RedisPlace } from './redis-url';

/** A Redis client of one server; call `connect()` before use. */
export function createRedis(options: RedisOptions) {
  const { url, name, onError } = options;
  const client = createClient({ url, name, RESP: 2, ...clientOptions(options) });
  client.on('error', onError);
  return client;
}

/** What {@link createRedis} returns. */
export type Redis = ReturnType<typeof createRedis>;

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

function clusterLink(place: RedisPlace, options: RedisOptions): RedisLink {
  const { name, onError } = options;
  const defaults = {
    ...{ ...clientOptions(options, place.isTls), RESP: 2, name },
    ...credentials(place),
  };
  const client = createCluster({
    RESP: 2,
    rootNodes: place.hosts.map(({ host, port }) => ({ socket: { host, port } })),
    defaults,
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

import { createRedis, type Redis, type RedisOptions } from './redis';

/** A reader that cannot connect for this long fails, and is opened again by whoever needs it. */
const CONNECT_PATIENCE_MS = 2_500;

/** The streams' server as the consumer runtime sees it; replies in RESP2's shapes. */
export function createBroker(commands: Redis, options: Omit<RedisOptions, 'use'>) {
  return {
    send: (_stream: string, args: readonly string[]): Promise<unknown> =>
      commands.sendCommand([...args]),
    readTogether: (streams: readonly string[]) => [streams],
    openReader: async () => openReader(options),
  };
}

/** A connection of its own, which fails rather than wait for its server. */
async function openReader(options: Omit<RedisOptions, 'use'>) {
  const reader = createRedis({ ...options, use: 'blocking' });
  const patience = setTimeout(() => reader.destroy(), CONNECT_PATIENCE_MS);
  try {
    await reader.connect();
  } finally {
    clearTimeout(patience);
  }
  return {
    send: (_stream: string, args: readonly string[]): Promise<unknown> =>
      reader.sendCommand([...args]),
    close: () => reader.destroy(),
  };
}

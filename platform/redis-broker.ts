import { createLink } from './redis';
import type { RedisLink } from './redis-link';
import type { RedisOptions } from './redis-link';

/** A reader that cannot connect for this long fails, and is opened again by whoever needs it. */
const CONNECT_PATIENCE_MS = 2_500;

/** The streams' server, or servers, as the consumer runtime sees them. */
export function createBroker(link: RedisLink, options: Omit<RedisOptions, 'use'>) {
  return {
    send: (stream: string, args: readonly string[]): Promise<unknown> => link.send(stream, args),
    readTogether: (streams: readonly string[]) =>
      link.isOneServer ? [streams] : streams.map((stream) => [stream]),
    openReader: async () => openReader(options),
  };
}

/** A connection of its own, which fails rather than wait for its server, and is over once it is lost. */
async function openReader(options: Omit<RedisOptions, 'use'>) {
  const reader = createLink({ ...options, use: 'blocking', endsWithConnection: true });
  let isLate: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    isLate = setTimeout(() => reject(new Error('Redis cannot be reached')), CONNECT_PATIENCE_MS);
  });
  const connected = reader.connect();
  // One that connects, or fails, when nobody waits any more.
  connected.catch(() => undefined);
  try {
    await Promise.race([connected, late]);
  } catch (error) {
    reader.close();
    throw error;
  } finally {
    clearTimeout(isLate);
  }
  return {
    send: (stream: string, args: readonly string[]): Promise<unknown> => reader.send(stream, args),
    close: () => reader.close(),
  };
}

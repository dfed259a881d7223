import { createSentinel } from 'redis';
import { clientOptions, credentials } from './redis-client-options';
import type { RedisLink, RedisOptions } from './redis-link';
import type { RedisPlace } from './redis-url';

/** After a failover the new master is looked for this often. */
const SENTINEL_SCAN_MS = 1_000;

type Sentinel = ReturnType<typeof createClient>;

/** The master that Sentinels name, whichever it is. */
export function sentinelLink(place: RedisPlace, options: RedisOptions): RedisLink {
  const client = createClient(place, options);
  const calls = options.endsWithConnection ? new CallsToOneMaster() : undefined;
  const send = (args: readonly string[]) => client.sendCommand(false, [...args]);
  return {
    isOneServer: true,
    connect: async () => {
      await client.connect();
      calls?.watch(client);
    },
    close: () => void client.destroy().catch(() => undefined),
    send: (_key, args) => (calls ? calls.make(() => send(args)) : send(args)),
    sendToAll: async (args) => [await send(args)],
    onReady: (listener) => onMasterChange(client, listener),
  };
}

function createClient(place: RedisPlace, options: RedisOptions) {
  const { name, onError, endsWithConnection } = options;
  const client = createSentinel({
    name: place.masterName!,
    sentinelRootNodes: [...place.hosts],
    RESP: 2,
    // Commands are pipelined on one connection, not handed from one of a pool to the next.
    reserveClient: true,
    scanInterval: SENTINEL_SCAN_MS,
    passthroughClientErrorEvents: true,
    ...(endsWithConnection ? { maxCommandRediscovers: 0 } : {}),
    nodeClientOptions: {
      ...{ ...clientOptions(options, place.isTls), RESP: 2, name, database: place.database },
      ...credentials(place),
    },
  });
  client.on('error', onError);
  client.on('client-error', ({ error }: { error: Error }) => onError(error));
  return client;
}

/** Told of the first master, too, by one that connects. */
function onMasterChange(client: Sentinel, listener: () => void): void {
  client.on('topology-change', ({ type }: { type: string }) => {
    if (type === 'MASTER_CHANGE') listener();
  });
}

/**
 * Calls that fail once their master is lost, or is master no longer. The client would wait for the
 * next one and send them there, and what the first has answered would be lost unnoticed.
 */
class CallsToOneMaster {
  readonly #underWay = new Set<(error: Error) => void>();
  #loss: Error | undefined;

  watch(client: Sentinel): void {
    client.on('client-error', ({ type, error }: { type: string; error: Error }) => {
      if (type === 'MASTER') this.#lose(error);
    });
    onMasterChange(client, () => this.#lose(new Error('another server is master now')));
  }

  async make(send: () => Promise<unknown>): Promise<unknown> {
    if (this.#loss) throw this.#loss;
    let fail: ((error: Error) => void) | undefined;
    const failed = new Promise<never>((_, reject) => this.#underWay.add((fail = reject)));
    try {
      return await Promise.race([send(), failed]);
    } finally {
      this.#underWay.delete(fail!);
    }
  }

  #lose(error: Error): void {
    this.#loss ??= error;
    for (const fail of this.#underWay) fail(error);
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import { Groups } from '../consumers/admin/groups';
import type { Broker } from '../consumers/runtime/broker';
import { loadConfig } from '../platform/config';
import { createLink } from '../platform/redis';
import { createBroker } from '../platform/redis-broker';

/** Who asks waits no longer for Redis; then it is away. */
const CONNECT_PATIENCE_MS = 3_000;

/** What commands about consumer groups work with. */
export interface GroupTools {
  readonly groups: Groups;
  readonly broker: Broker;
}

/** Opens the system that the environment names for one command. */
export async function withGroups<Result>(
  use: (tools: GroupTools) => Promise<Result>,
): Promise<Result> {
  const { DATABASE_URL, REDIS_URL } = loadConfig('DATABASE_URL', 'REDIS_URL');
  const groups = new Groups(DATABASE_URL, 'tandem-ops');
  const options = { url: REDIS_URL, name: 'tandem-ops', onError: () => undefined };
  const redis = createLink({ ...options, use: 'commands' });
  const connected = redis.connect().catch(() => undefined);
  await Promise.race([connected, sleep(CONNECT_PATIENCE_MS, undefined, { ref: false })]);
  try {
    return await use({ groups, broker: createBroker(redis, options) });
  } finally {
    redis.close();
    await groups.close();
  }
}

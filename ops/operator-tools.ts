import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { Groups } from '../consumers/admin/groups';
import { createDatabase, type Database } from '../db/database';
import { loadConfig } from '../platform/config';
import { createLink } from '../platform/redis';
import { createBroker } from '../platform/redis-broker';
import type { GroupTools } from './group-tools';

/** Who asks waits no longer for Redis; then it is away. */
const CONNECT_PATIENCE_MS = 3_000;

/** Temporal must answer a person by then. */
const TEMPORAL_TIMEOUT_MS = 60_000;

/** What an operator's commands work with: both sides, and the record of what people did. */
export interface OperatorTools extends GroupTools {
  readonly db: Database;
  readonly client: Client;
  /** As the saga workers have it. */
  readonly sagas: SagaSettings;
}

/** What the saga workers are set to, and how long a report of theirs is waited for. */
interface SagaSettings {
  readonly taskQueue: string;
  readonly placementDeadlineSeconds: number;
  readonly reconcileWaitMs: number;
}

/** Opens the system that the environment names for one command. */
export async function withOperatorTools<Result>(
  use: (tools: OperatorTools) => Promise<Result>,
): Promise<Result> {
  const config = loadConfig(
    ...([
      'DATABASE_URL',
      'REDIS_URL',
      'TEMPORAL_TASK_QUEUE',
      'PLACEMENT_DEADLINE_SECONDS',
    ] as const),
  );
  const { DATABASE_URL, REDIS_URL } = config;
  const sagas = {
    taskQueue: config.TEMPORAL_TASK_QUEUE,
    placementDeadlineSeconds: config.PLACEMENT_DEADLINE_SECONDS,
    reconcileWaitMs: TEMPORAL_TIMEOUT_MS,
  };
  const onError = () => undefined;
  const db: Database = createDatabase({
    ...{ url: DATABASE_URL, applicationName: 'tandem-ops', role: 'tandem_orders' },
    ...{ maxConnections: 2, onError },
  });
  const groups = new Groups(DATABASE_URL, 'tandem-ops');
  const link = { url: REDIS_URL, name: 'tandem-ops', onError };
  const redis = createLink({ ...link, use: 'commands' });
  const connected = redis.connect().catch(() => undefined);
  await Promise.race([connected, sleep(CONNECT_PATIENCE_MS, undefined, { ref: false })]);
  const client = lazyTemporalClient();
  try {
    return await client.withDeadline(Date.now() + TEMPORAL_TIMEOUT_MS, () =>
      use({ db, client, groups, sagas, broker: createBroker(redis, link) }),
    );
  } finally {
    redis.close();
    await Promise.all([groups.close(), db.destroy(), client.connection.close()]);
  }
}

/** A client that connects when it is used; the standard TEMPORAL_* settings say where. */
export function lazyTemporalClient(): Client & { readonly connection: Connection } {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const connection = Connection.lazy(connectionOptions);
  const client = new Client({ connection, ...(namespace === undefined ? {} : { namespace }) });
  return client as Client & { readonly connection: Connection };
}

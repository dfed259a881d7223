import { pino } from 'pino';
import { on } from '../../../consumers/runtime/consumer';
import { runGroup } from '../../../consumers/runtime/run-group';
import { createDatabase } from '../../../db/database';
import { createLink } from '../../../platform/redis';
import { createBroker } from '../../../platform/redis-broker';
import { count, Counted, type CounterSchema } from './group-harness';

/** PostgreSQL ends a transaction that idles for this share of a lease, as for any consumer. */
const IDLE_SHARE = 0.6;

interface Told {
  readonly databaseUrl: string;
  readonly redisUrl: string;
  readonly streams: readonly string[];
  readonly member: string;
  readonly leaseMs: number;
  /** How long a reaction goes on after it has written its effect. */
  readonly lingerMs: number;
}

/** A member in a process of its own, which a test kills or freezes; it says when an effect is written. */
async function main(told: Told): Promise<void> {
  const onError = () => undefined;
  const db = createDatabase<CounterSchema>({
    ...{ url: told.databaseUrl, applicationName: 'member', onError },
    ...{ role: 'tandem_counter', searchPath: 'counter' },
    idleInTransactionTimeoutMs: told.leaseMs * IDLE_SHARE,
  });
  const options = { url: told.redisUrl, name: 'member', onError };
  const link = createLink({ ...options, use: 'commands' });
  await link.connect();
  runGroup({
    ...{ group: 'counter', member: told.member, streams: told.streams, leaseMs: told.leaseMs },
    reactions: [
      on(Counted, async (event, context) => {
        const effect = await count(event, context);
        process.stdout.write(`wrote ${event.data.n}\n`);
        await new Promise((resolve) => setTimeout(resolve, told.lingerMs));
        return effect;
      }),
    ],
    db,
    broker: createBroker(link, options),
    followUps: {
      source: '/test',
      streamOf: () => told.streams[0]!,
      append: () => Promise.reject(new Error('nothing follows here')),
    },
    readArchive: () => Promise.resolve([]),
    listen: () => ({ close: () => Promise.resolve() }),
    logger: pino({ level: 'silent' }),
  });
}

void main(JSON.parse(process.argv[2]!) as Told);

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { OrderRejected } from '../../events/order-events';
import { buildEvent, ENTRY_FIELDS, FIRST_TENANT } from '../../events/envelope';
import { createSealer, sealingKeysSchema } from '../../events/sealing';
import { streamOf } from '../../events/streams';
import { planFaults } from '../payment-simulator/client';
import { withRedis } from '../with-redis';
import type { Service, System } from '../system';

/** How long what does not heal by itself is left broken. */
export interface BreakTimes {
  readonly stoppedMs: number;
  readonly providerMs: number;
}

/** Long enough to look at what happens meanwhile. */
export const USUAL_TIMES: BreakTimes = { stoppedMs: 20_000, providerMs: 30_000 };

/** Longer than the saga's steps wait for an answer at once, shorter than they wait at all. */
const SLOW_ANSWER_MS = 3_000;

/** Something that goes wrong in real life, and that can be tried here. */
export interface Break {
  readonly id: string;
  readonly title: string;
  /** The process that it breaks: one that is not ours is left alone. */
  readonly of: string;
  /** What will happen, and what to look at. */
  readonly about: string;
  /** Breaks it, waits, and heals what does not heal by itself; says what it did. */
  readonly run: (system: System) => Promise<string>;
}

/** Everything that can be broken. */
export function breaksOf({ stoppedMs, providerMs }: BreakTimes): readonly Break[] {
  const stopped = `For ${stoppedMs / 1000} seconds`;
  const provided = `For ${providerMs / 1000} seconds`;
  return [
    {
      id: 'kill-saga-worker',
      of: 'saga-worker',
      title: 'Kill the saga worker',
      about:
        'SIGKILL. Orders stay pending, none is lost; within seconds it is started again and every saga goes on ' +
        'where it was.',
      run: (system) => kill(system, 'saga-worker'),
    },
    {
      id: 'kill-consumers',
      of: 'consumer-worker',
      title: 'Kill the consumers',
      about:
        'SIGKILL of the process of all groups but notification. Orders go on; the groups fall behind, then ' +
        'catch up from where they were, and nothing is done twice.',
      run: (system) => kill(system, 'consumer-worker'),
    },
    {
      id: 'stop-notification',
      of: 'notification-worker',
      title: 'Stop the notification consumer',
      about:
        `${stopped} nobody sends mails. Orders and the other groups do not notice; then the ` +
        'mails come, each once.',
      async run(system) {
        await system.processes.stop('notification-worker');
        await sleep(stoppedMs);
        await system.startNotificationWorker();
        return 'the notification consumer is back';
      },
    },
    {
      id: 'kill-api',
      of: 'api',
      title: 'Kill the API',
      about:
        'SIGKILL of the process that serves this page. The page says that it is cut off, and comes back when the ' +
        'API does; orders that were accepted go on meanwhile.',
      run: (system) => kill(system, 'api'),
    },
    {
      id: 'poison-event',
      of: 'redis',
      title: 'Poison an event',
      about:
        'Appends an OrderRejected that breaks its schema. Each group that listens to it sets it aside as a dead ' +
        'letter, and goes on; mend it under Repair: edit, then redrive.',
      run: poison,
    },
    {
      id: 'provider-down',
      of: 'payment-simulator',
      title: 'Payment provider down',
      about:
        `${provided} it answers 500. Orders stay pending and are tried again with the same ` +
        'key; then they are confirmed, each charged once.',
      run: (system) => provider(system, providerMs, { on: 'any', fault: 'server-error' }),
    },
    {
      id: 'provider-slow',
      of: 'payment-simulator',
      title: 'Payment provider slow',
      about: `${provided} each answer takes ${SLOW_ANSWER_MS / 1000} seconds.`,
      run: (system) =>
        provider(system, providerMs, { on: 'any', fault: 'slow', delayMs: SLOW_ANSWER_MS }),
    },
    {
      id: 'flush-redis',
      of: 'redis',
      title: 'Flush Redis',
      about:
        'FLUSHALL: every stream and every group is gone. The groups make themselves anew at the place where ' +
        'they were, and what nobody had read comes back from the journal.',
      async run(system) {
        await withRedis(system.setting('REDIS_URL'), 'tandem-control', (redis) =>
          redis.sendToAll(['FLUSHALL']),
        );
        return 'every stream was flushed; the groups made theirs again';
      },
    },
    {
      id: 'stop-temporal',
      of: 'temporal',
      title: 'Stop Temporal',
      about:
        `${stopped}. Orders are still accepted and answered at once; their sagas start when ` +
        'it is back.',
      async run(system) {
        await system.processes.stop('temporal');
        await sleep(stoppedMs);
        await system.startTemporal();
        return 'Temporal is back';
      },
    },
  ];
}

async function kill(system: System, service: Service): Promise<string> {
  const { killed, started } = await system.killAndAwaitRestart(service);
  await system.waitUntilReady(service);
  return `${service} is back: pid ${started}, after ${killed} was killed`;
}

async function provider(system: System, forMs: number, rule: object): Promise<string> {
  const url = system.setting('STRIPE_API_BASE');
  await planFaults(url, { seed: 1, rules: [rule] });
  await sleep(forMs);
  await planFaults(url, { seed: 1, rules: [] });
  return 'the payment provider is well';
}

/** An event about an order that there is not, so that mending it does no harm. */
async function poison(system: System): Promise<string> {
  const orderId = `ord_${randomUUID()}`;
  const sealer = createSealer(sealingKeysSchema.parse(system.setting('EVENT_SEALING_KEYS')));
  const sealed = await sealer.seal({ email: 'poisoned@example.com' });
  const lines = [{ sku: 'TEA', quantity: 1, unitPriceMinor: 1_200 }];
  const good = buildEvent(OrderRejected, '/tandem/control-room', {
    ...{ subject: orderId, occurrence: 1, sequence: 1, time: new Date(), tenant: FIRST_TENANT },
    data: {
      ...{ orderId, customerId: 'cus_poisoned', currency: 'EUR', totalMinor: 1_200, lines, sealed },
      code: 'out_of_stock',
    },
  });
  const event = { ...good, data: { ...good.data, code: 42 } };
  const { id, type, partitionkey: key } = event;
  const stream = streamOf(key);
  const fields = [
    ...[ENTRY_FIELDS.id, id, ENTRY_FIELDS.type, type],
    ...[ENTRY_FIELDS.key, key, ENTRY_FIELDS.event, JSON.stringify(event)],
  ];
  await withRedis(system.setting('REDIS_URL'), 'tandem-control', (redis) =>
    redis.send(stream, ['XADD', stream, '*', ...fields]),
  );
  return `${id} was appended`;
}

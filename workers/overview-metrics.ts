import { setTimeout as sleep } from 'node:timers/promises';
import type { Overview } from '../api/operator/overview-resource';
import type { Logger } from '../platform/log';
import type { Metrics } from '../platform/metrics';
import { atMostEvery } from '../platform/single-flight';

/** A scrape is answered from an overview that is no older, or as old as the last that there was. */
const FRESH_MS = 2_000;
/** A scrape waits no longer for a database that is slow: what else it asks for must be told. */
const PATIENCE_MS = 500;
/** What was seen longer ago is not told any more. */
const OLD_MS = 15_000;

const GROUP_STATES = ['running', 'probing', 'paused', 'stopped', 'unknown'] as const;

/**
 * What stands, told by the API and not by who does the work: a worker that is gone can not say how
 * far it is behind. Every API says the same: take the maximum, never the sum.
 */
export function overviewMetrics(
  metrics: Metrics,
  overview: () => Promise<Overview>,
  logger: Logger,
): void {
  const look = patientLook(FRESH_MS, overview, logger);
  for (const [name, help, valueOf] of ORDER_GAUGES) {
    metrics.gauge({ name, help }, async (gauge) => {
      const seen = await look();
      // What nobody knows is not there: the last that was known would be a lie.
      if (seen) gauge.set(valueOf(seen) ?? NaN);
      else gauge.remove();
    });
  }
  metrics.gauge(
    { name: 'tandem_postgresql_up', help: '1 if PostgreSQL tells the API how everything stands.' },
    async (gauge) => gauge.set((await look()) ? 1 : 0),
  );
  for (const [name, help, valueOf] of GROUP_GAUGES) {
    metrics.gauge({ name, help, labels: ['group'] }, async (gauge) => {
      gauge.reset();
      for (const one of (await look())?.groups ?? []) {
        gauge.set({ group: one.group }, valueOf(one) ?? NaN);
      }
    });
  }
  const name = 'tandem_consumer_group_state';
  const help = '1 for the state in which the group is.';
  metrics.gauge({ name, help, labels: ['group', 'state'] }, async (gauge) => {
    gauge.reset();
    for (const { group, state } of (await look())?.groups ?? []) {
      for (const one of GROUP_STATES) gauge.set({ group, state: one }, one === state ? 1 : 0);
    }
  });
}

type Gauge<Of> = readonly [name: string, help: string, valueOf: (of: Of) => number | null];

const ORDER_GAUGES: readonly Gauge<Overview>[] = [
  ['tandem_orders_pending', 'Orders under way, counted up to 10,000.', (o) => o.orders.pending],
  [
    'tandem_orders_oldest_pending_seconds',
    'Age of the oldest order that is under way.',
    (o) => o.orders.oldestPendingSeconds,
  ],
  [
    'tandem_orders_without_saga',
    'Orders whose saga nobody has begun.',
    (o) => o.orders.waitingForSaga,
  ],
  [
    'tandem_orders_needing_attention',
    'Orders that wait for a person.',
    (o) => o.orders.needsAttention,
  ],
  [
    'tandem_cancellations_waiting',
    'Cancellations that no saga worker has handed on.',
    (o) => o.orders.cancelling,
  ],
  [
    'tandem_journal_unpublished_events',
    'Events of the journal that are in no stream yet.',
    (o) => o.orders.unpublished,
  ],
  [
    'tandem_journal_oldest_unpublished_seconds',
    'Age of the oldest of them.',
    (o) => o.orders.oldestUnpublishedSeconds,
  ],
  [
    'tandem_payment_notifications_unsettled',
    'Notifications of the payment provider that are not dealt with.',
    (o) => o.orders.unsettledWebhooks,
  ],
  [
    'tandem_saga_worker_seen_seconds',
    'Since a saga worker last spoke with Temporal.',
    (o) => o.orders.sagaWorkerSeenSeconds,
  ],
  [
    'tandem_task_queue_oldest_seconds',
    "How long the oldest task waits in Temporal's queue.",
    (o) => o.orders.taskQueueSeconds,
  ],
  ['tandem_redis_up', '1 if Redis answers the API.', (o) => Number(o.servers.redis)],
  ['tandem_temporal_up', '1 if Temporal answers the API.', (o) => Number(o.servers.temporal)],
];

const GROUP_GAUGES: readonly Gauge<Overview['groups'][number]>[] = [
  [
    'tandem_consumer_lag_entries',
    'Entries that the group has not settled; NaN while Redis cannot say.',
    (g) => g.lagEntries,
  ],
  ['tandem_consumer_lag_seconds', 'How far behind it is.', (g) => g.lagSeconds],
  ['tandem_consumer_parked', 'Deliveries that wait in PostgreSQL.', (g) => g.parked],
  ['tandem_consumer_dead_letters', 'Dead letters that wait for a person.', (g) => g.dead],
  [
    'tandem_consumer_unpublished_events',
    'Events of its outbox that are in no stream yet.',
    (g) => g.unpublished,
  ],
  ['tandem_consumer_losses', 'Entries that Redis lost before it had them.', (g) => g.losses],
];

/**
 * One look serves all gauges of a scrape. A look that is late holds no scrape up: the last one is
 * told while it is not old, then undefined.
 */
function patientLook(ms: number, look: () => Promise<Overview>, logger: Logger) {
  let seen: { readonly overview: Overview; readonly at: number } | undefined;
  const lookAgain = atMostEvery(ms, async () => {
    try {
      seen = { overview: await look(), at: performance.now() };
    } catch (err) {
      logger.warn({ err }, 'nothing to tell Prometheus');
      seen = undefined;
      throw err;
    }
  });
  return async () => {
    const looked = lookAgain().catch(() => undefined);
    await Promise.race([looked, sleep(PATIENCE_MS, undefined, { ref: false })]);
    return seen && performance.now() - seen.at < OLD_MS ? seen.overview : undefined;
  };
}

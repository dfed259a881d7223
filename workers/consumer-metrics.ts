import type { Attempted, Observer } from '../consumers/runtime/observer';
import type { Metrics } from '../platform/metrics';
import { inConsumerSpan } from './consumer-spans';

/** What the groups of a process do, counted where it is done. */
export function consumerMetrics(
  metrics: Metrics,
  { isTraced }: { isTraced: boolean },
): (group: string) => Observer {
  const attempts = metrics.histogram({
    name: 'tandem_consumer_attempt_duration_seconds',
    help: 'Attempts at an event, or at a batch of them in one transaction.',
    labels: ['group', 'outcome'],
  });
  const events = metrics.counter({
    name: 'tandem_consumer_events_total',
    help: 'Events by what became of them.',
    labels: ['group', 'result'],
  });
  const age = metrics.histogram({
    name: 'tandem_consumer_event_age_seconds',
    help: 'From the commit of a live event to its effect, first attempts.',
    labels: ['group'],
  });
  const breaker = metrics.gauge({
    name: 'tandem_consumer_breaker_open',
    help: '1 while what the group depends on is down, and it probes.',
    labels: ['group'],
  });
  return (group) => {
    breaker.set({ group }, 0);
    return {
      async around(attempted, run) {
        const end = attempts.startTimer({ group });
        try {
          const result = await (isTraced ? inConsumerSpan(group, attempted, run) : run());
          end({ outcome: 'completed' });
          for (const seconds of agesOf(attempted)) age.observe({ group }, seconds);
          return result;
        } catch (error) {
          end({ outcome: 'failed' });
          throw error;
        }
      },
      settled: (settlement, count) =>
        events.inc({ group, result: settlement.replaceAll(' ', '_') }, count),
      breakerChanged: (isOpen) => breaker.set({ group }, isOpen ? 1 : 0),
    };
  };
}

function agesOf(attempted: readonly Attempted[]): number[] {
  const live = attempted.filter(({ isReplay, attempt }) => !isReplay && attempt === 1);
  return live.map(({ event }) => Math.max(0, Date.now() - Date.parse(event.time)) / 1000);
}

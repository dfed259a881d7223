import type { ObservedAttempt, ObserveAttempt } from '../activities/observed';
import { COMPENSATIONS } from '../workflows/compensation-activities';
import type { Metrics } from '../platform/metrics';

/** What the sagas do, counted where it is done. */
export function sagaMetrics(metrics: Metrics): ObserveAttempt {
  const attempts = metrics.histogram({
    name: 'tandem_saga_attempt_duration_seconds',
    help: 'Attempts at an activity of a saga, by how they went.',
    labels: ['activity', 'outcome'],
  });
  const compensations = metrics.counter({
    name: 'tandem_saga_compensations_total',
    help: 'Steps that were undone, by how the attempt went.',
    labels: ['activity', 'outcome'],
  });
  const placements = metrics.histogram({
    name: 'tandem_order_placement_duration_seconds',
    help: 'From the request to the end of the placement, by how it ended.',
    labels: ['status'],
  });
  return (attempt) => {
    const { activity, outcome, tookMs } = attempt;
    attempts.observe({ activity, outcome }, tookMs / 1000);
    if (COMPENSATIONS.has(activity)) compensations.inc({ activity, outcome });
    const status = placementEnd(attempt);
    const placedAt = placedAtOf(attempt.workflowId);
    if (status && placedAt) placements.observe({ status }, (Date.now() - placedAt) / 1000);
  };
}

/** As what a placement ended by this attempt; undefined when it did not. */
function placementEnd({ activity, outcome, result }: ObservedAttempt): string | undefined {
  if (outcome !== 'completed') return undefined;
  if (activity === 'confirmOrder') return 'confirmed';
  return activity === 'closeOrder' ? (result as { status: string }).status : undefined;
}

/** When an order was placed: its id is a UUIDv7, which begins with it (RFC 9562, section 5.7). */
function placedAtOf(workflowId: string): number | undefined {
  const [, high = '', low = ''] = /^order-ord_([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(workflowId) ?? [];
  return high === '' ? undefined : Number.parseInt(high + low, 16);
}

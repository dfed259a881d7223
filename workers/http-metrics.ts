import type { ObserveRequest } from '../api/http/request-log';
import type { Metrics } from '../platform/metrics';

/** Rate, errors and duration of the API, by operation. */
export function httpMetrics(metrics: Metrics): ObserveRequest {
  const duration = metrics.histogram({
    name: 'tandem_http_request_duration_seconds',
    help: 'Requests by operation and status; one that waits or follows lasts as long as that.',
    labels: ['operation', 'status'],
  });
  return ({ operation = 'none', status, durationMs }) =>
    duration.observe({ operation, status }, durationMs / 1000);
}

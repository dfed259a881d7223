import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { readEnvironment } from './config';

/** Probes say nothing, and a stream that is followed has no end. */
const NOT_TRACED = /^\/(livez|readyz|metrics)$|\/events$/;

/**
 * Import it first in a process: spans of HTTP, SQL and Redis, where traces are exported at all. What
 * a process does by itself, such as looking for work, has no span: only what somebody waits for.
 */
if (readEnvironment()['OTEL_EXPORTER_OTLP_ENDPOINT']) {
  registerInstrumentations({
    instrumentations: [
      new HttpInstrumentation({
        requireParentforOutgoingSpans: true,
        ignoreIncomingRequestHook: ({ url = '' }) => NOT_TRACED.test(url.split('?')[0]!),
      }),
      new PgInstrumentation({ requireParentSpan: true }),
      new RedisInstrumentation({ requireParentSpan: true }),
    ],
  });
}

import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { RedisInstrumentation } from '@opentelemetry/instrumentation-redis';
import { readEnvironment } from './config';

/** Probes say nothing, a stream that is followed has no end, and who looks at orders is no part of them. */
const NOT_TRACED = /^\/(livez|readyz|metrics)$|^\/v1\/ops\/|^\/room|\/events$/;

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
      new PgInstrumentation({
        ...{ requireParentSpan: true, ignoreConnectSpans: true },
        requestHook: (span, { query: { text } }) => void span.updateName(nameOf(text)),
      }),
      // By its name alone: its arguments are whole events, and addresses of clients.
      new RedisInstrumentation({ requireParentSpan: true, dbStatementSerializer: (name) => name }),
    ],
  });
}

/** A statement by the tables that it writes, or else the first that it reads. */
function nameOf(text: string): string {
  const written = [
    ...text.matchAll(/(?<!for |do )\b(insert into|update|delete from)\s+([\w."]+)/gi),
  ];
  const names = new Set(written.map(([, verb = '', table]) => `${verb.split(' ')[0]} ${table}`));
  if (names.size > 0) return `sql ${[...names].join(', ')}`;
  const [, table] = /\bfrom\s+([\w."]+)/i.exec(text) ?? [];
  return table === undefined ? `sql ${text.slice(0, 20)}` : `sql select ${table}`;
}

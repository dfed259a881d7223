import {
  propagation,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Link,
} from '@opentelemetry/api';
import type { Attempted } from '../consumers/runtime/observer';
import { redacted } from '../platform/redact';

const tracer = trace.getTracer('tandem');

/**
 * Runs an attempt in a trace of its own, linked to the traces in which its events came about: one
 * trace of everything that ever followed from an order would be no use (OpenTelemetry semantic
 * conventions for messaging: links for batches).
 */
export function inConsumerSpan<Result>(
  group: string,
  attempted: readonly Attempted[],
  run: () => Promise<Result>,
): Promise<Result> {
  const events = attempted.map(({ event }) => event);
  const options = {
    ...{ kind: SpanKind.CONSUMER, root: true, links: events.flatMap(linkOf) },
    attributes: {
      'messaging.system': 'redis',
      'messaging.consumer.group.name': group,
      'messaging.batch.message_count': events.length,
      'tandem.event_ids': events.map(({ id }) => id),
      'tandem.order_ids': [...new Set(events.map(({ correlationid }) => correlationid))],
      'tandem.attempt': Math.max(...attempted.map(({ attempt }) => attempt)),
    },
  };
  return tracer.startActiveSpan(`${group} process`, options, async (span) => {
    try {
      return await run();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      span.setStatus({ code: SpanStatusCode.ERROR, message: redacted(message) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function linkOf({ traceparent }: { traceparent?: string | undefined }): Link[] {
  const linked = propagation.extract(ROOT_CONTEXT, { traceparent });
  const spanContext = trace.getSpanContext(linked);
  return spanContext && trace.isSpanContextValid(spanContext) ? [{ context: spanContext }] : [];
}

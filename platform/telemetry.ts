import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  NoopSpanProcessor,
} from '@opentelemetry/sdk-trace-node';
import { OpenTelemetryPlugin } from '@temporalio/interceptors-opentelemetry-v2';

/** Tracing of one process. */
export interface Telemetry {
  /**
   * For every Temporal client, worker and replay, also where nothing is exported: interceptors
   * that come later can break the replay of older histories.
   */
  readonly temporalPlugin: OpenTelemetryPlugin;
  /** Sends what is left. */
  readonly stop: () => Promise<void>;
}

/** Starts tracing; spans go to the collector at `endpoint` (OTLP/HTTP), or nowhere without one. */
export function startTelemetry(serviceName: string, endpoint: string | undefined): Telemetry {
  const resource = resourceFromAttributes({ 'service.name': serviceName });
  if (endpoint === undefined) {
    const spanProcessor = new NoopSpanProcessor();
    return {
      temporalPlugin: new OpenTelemetryPlugin({ resource, spanProcessor }),
      stop: () => Promise.resolve(),
    };
  }
  // The exporter reads OTEL_EXPORTER_OTLP_ENDPOINT and the other standard settings itself.
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  return {
    temporalPlugin: new OpenTelemetryPlugin({ resource, spanProcessor }),
    stop: () => provider.shutdown(),
  };
}

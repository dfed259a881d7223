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
   * For every Temporal client and worker of the process. None where nothing is exported: tracing a
   * saga costs as much CPU as running it (docs/performance.md), and it schedules nothing, so that
   * histories replay with and without it (test/workflows/replay.test.ts).
   */
  readonly temporalPlugins: OpenTelemetryPlugin[];
  /** Sends what is left. */
  readonly stop: () => Promise<void>;
}

/** Starts tracing; spans go to the collector at `endpoint` (OTLP/HTTP), or nowhere without one. */
export function startTelemetry(serviceName: string, endpoint: string | undefined): Telemetry {
  if (endpoint === undefined) return { temporalPlugins: [], stop: () => Promise.resolve() };
  const resource = resourceFromAttributes({ 'service.name': serviceName });
  // The exporter reads OTEL_EXPORTER_OTLP_ENDPOINT and the other standard settings itself.
  const spanProcessor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new NodeTracerProvider({ resource, spanProcessors: [spanProcessor] });
  provider.register();
  return {
    temporalPlugins: [new OpenTelemetryPlugin({ resource, spanProcessor })],
    stop: () => provider.shutdown(),
  };
}

/** The same interceptors without a collector, for a bundle that must do with either. */
export function silentTemporalPlugin(): OpenTelemetryPlugin {
  const resource = resourceFromAttributes({});
  return new OpenTelemetryPlugin({ resource, spanProcessor: new NoopSpanProcessor() });
}

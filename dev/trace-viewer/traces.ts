/** Traces that are kept; the oldest make room. */
const MAX_TRACES = 5_000;
/** Of one trace; a saga that is retried for hours has more than anybody reads. */
const MAX_SPANS = 1_000;
/** Shown of one order, the latest. */
const MAX_SHOWN = 50;

/** An order's id, wherever a span names it. */
const ORDER_ID = /ord_[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** A span as it is shown. */
export interface ShownSpan {
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly service: string;
  readonly name: string;
  readonly startMs: number;
  readonly tookMs: number;
  readonly isFailed: boolean;
}

interface Trace {
  readonly traceId: string;
  readonly spans: ShownSpan[];
  readonly orders: Set<string>;
}

/** As much of OTLP's JSON as is read (opentelemetry-proto, `ExportTraceServiceRequest`). */
export interface ExportRequest {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly Attribute[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly ExportedSpan[] }[];
  }[];
}

interface Attribute {
  readonly key: string;
  readonly value?: { readonly stringValue?: string };
}

interface ExportedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly Attribute[];
  readonly status?: { readonly code?: number };
}

/** How Temporal's interceptor calls the span of a query. */
const QUERY = 'HandleQuery';

/** OpenTelemetry's STATUS_CODE_ERROR. */
const STATUS_ERROR = 2;

/** The traces of this session, found by the orders that they name. */
export class Traces {
  readonly #traces = new Map<string, Trace>();
  readonly #byOrder = new Map<string, Set<string>>();

  /** Takes what an exporter sends. */
  add({ resourceSpans = [] }: ExportRequest): void {
    for (const { resource, scopeSpans = [] } of resourceSpans) {
      const service = serviceOf(resource?.attributes ?? []);
      for (const { spans = [] } of scopeSpans) {
        for (const span of spans) this.#addSpan(service, span);
      }
    }
  }

  #addSpan(service: string, span: ExportedSpan): void {
    const { traceId } = span;
    // Who looks at a saga is no part of it.
    if (span.name.startsWith(QUERY)) return;
    const trace = this.#traces.get(traceId) ?? { traceId, spans: [], orders: new Set() };
    this.#traces.set(traceId, trace);
    if (trace.spans.length < MAX_SPANS) trace.spans.push(shown(service, span));
    for (const orderId of JSON.stringify(span.attributes ?? []).match(ORDER_ID) ?? []) {
      trace.orders.add(orderId);
      this.#byOrder.set(orderId, (this.#byOrder.get(orderId) ?? new Set()).add(traceId));
    }
    if (this.#traces.size > MAX_TRACES) this.#forgetOldest();
  }

  #forgetOldest(): void {
    const [oldest] = this.#traces.values();
    this.#traces.delete(oldest!.traceId);
    for (const orderId of oldest!.orders) {
      const ofOrder = this.#byOrder.get(orderId);
      ofOrder?.delete(oldest!.traceId);
      if (ofOrder?.size === 0) this.#byOrder.delete(orderId);
    }
  }

  /** The traces in which this order is named, the earliest first. */
  about(orderId: string): { traceId: string; spans: ShownSpan[] }[] {
    const ids = [...(this.#byOrder.get(orderId) ?? [])].slice(-MAX_SHOWN);
    const found = ids.map((id) => this.#traces.get(id)!);
    const byStart = found.map(({ traceId, spans }) => ({
      traceId,
      spans: [...spans].sort((a, b) => a.startMs - b.startMs),
    }));
    return byStart.sort((a, b) => a.spans[0]!.startMs - b.spans[0]!.startMs);
  }
}

function serviceOf(attributes: readonly Attribute[]): string {
  const found = attributes.find(({ key }) => key === 'service.name');
  return found?.value?.stringValue ?? 'unknown';
}

function shown(service: string, span: ExportedSpan): ShownSpan {
  const startMs = msOf(span.startTimeUnixNano);
  return {
    ...{ spanId: span.spanId, parentSpanId: span.parentSpanId || null, service, name: span.name },
    ...{ startMs, tookMs: Math.max(0, msOf(span.endTimeUnixNano) - startMs) },
    isFailed: span.status?.code === STATUS_ERROR,
  };
}

function msOf(nanoseconds: string): number {
  return Number(BigInt(nanoseconds) / 1_000n) / 1_000;
}

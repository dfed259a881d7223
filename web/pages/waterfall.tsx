import type { Xray } from '../api';
import { span } from '../parts/words';

type Trace = NonNullable<Xray['traces']>[number];
type Span = Trace['spans'][number];

/** The traces in which the order is named: its own, and those of the consumers, linked to it. */
export function Waterfalls({ traces }: { readonly traces: readonly Trace[] }) {
  if (traces.length === 0) return null;
  return (
    <section>
      <h2>Traces</h2>
      {traces.map((trace, index) => (
        <Waterfall key={trace.traceId} trace={trace} isOpen={index === 0} />
      ))}
    </section>
  );
}

function Waterfall({ trace, isOpen }: { readonly trace: Trace; readonly isOpen: boolean }) {
  const { spans } = trace;
  const begin = Math.min(...spans.map(({ startMs }) => startMs));
  const end = Math.max(...spans.map(({ startMs, tookMs }) => startMs + tookMs));
  const rows = inTreeOrder(spans);
  const root = rows[0]!.one;
  return (
    <details class="card" open={isOpen}>
      <summary>
        <strong>{root.name}</strong>
        <small>
          {root.service}, {spans.length} spans, {span(end - begin)}, {trace.traceId}
        </small>
      </summary>
      <div class="scroll" tabIndex={0} role="region" aria-label={`Trace ${root.name}`}>
        <ol class="waterfall">
          {rows.map(({ one, depth }) => (
            <li key={one.spanId}>
              <span class="span-name" style={{ paddingLeft: `${Math.min(depth, 8) * 0.8}rem` }}>
                {one.name} <small>{one.service.replace('tandem-', '')}</small>
              </span>
              <span class="bar">
                <span
                  class={one.isFailed ? 'failed' : ''}
                  style={{
                    marginLeft: `${(100 * (one.startMs - begin)) / Math.max(end - begin, 0.1)}%`,
                    width: `${Math.max(0.5, (100 * one.tookMs) / Math.max(end - begin, 0.1))}%`,
                  }}
                />
              </span>
              <span class="took">{span(one.tookMs)}</span>
            </li>
          ))}
        </ol>
      </div>
    </details>
  );
}

/** Parents before their children; a span whose parent is not here stands by itself. */
function inTreeOrder(spans: readonly Span[]): { one: Span; depth: number }[] {
  const known = new Set(spans.map(({ spanId }) => spanId));
  const roots = spans.filter(({ parentSpanId }) => !parentSpanId || !known.has(parentSpanId));
  const rows: { one: Span; depth: number }[] = [];
  const add = (one: Span, depth: number) => {
    rows.push({ one, depth });
    for (const child of spans) if (child.parentSpanId === one.spanId) add(child, depth + 1);
  };
  for (const root of roots) add(root, 0);
  return rows;
}

import { Traces } from '../../dev/trace-viewer/traces';

const ORDER = 'ord_019ac6f0-0000-7000-8000-000000000001';

/** An export of one span, as OTLP's JSON has it. */
function exported(traceId: string, spanId: string, more: object = {}) {
  const span = {
    ...{ traceId, spanId, name: `span ${spanId}` },
    ...{ startTimeUnixNano: '1795688846592000000', endTimeUnixNano: '1795688846604500000' },
    attributes: [],
    ...more,
  };
  const service = { key: 'service.name', value: { stringValue: 'tandem-api' } };
  return {
    resourceSpans: [{ resource: { attributes: [service] }, scopeSpans: [{ spans: [span] }] }],
  };
}

const named = {
  attributes: [{ key: 'tandem.order_ids', value: { arrayValue: { values: [ORDER] } } as object }],
};

test('finds a trace by the order that one of its spans names, with all of its spans', () => {
  const traces = new Traces();
  traces.add(exported('t1', 'a'));
  traces.add(exported('t1', 'b', { ...named, parentSpanId: 'a', status: { code: 2 } }));
  traces.add(exported('t2', 'c'));
  expect(traces.about(ORDER)).toEqual([
    {
      traceId: 't1',
      spans: [
        {
          ...{ spanId: 'a', parentSpanId: null, service: 'tandem-api', name: 'span a' },
          ...{ startMs: 1_795_688_846_592, tookMs: 12.5, isFailed: false },
        },
        expect.objectContaining({ spanId: 'b', parentSpanId: 'a', isFailed: true }),
      ],
    },
  ]);
  expect(traces.about('ord_019ac6f0-0000-7000-8000-000000000002')).toEqual([]);
});

test('keeps a bounded number of traces: the oldest make room', () => {
  const traces = new Traces();
  traces.add(exported('first', 'a', named));
  for (let n = 0; n < 5_000; n += 1) traces.add(exported(`t${n}`, 's'));
  expect(traces.about(ORDER)).toEqual([]);
});

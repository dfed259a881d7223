import type { XrayEntry } from '../api';
import { span } from '../parts/words';

const ROW = 26;
const TOP = 22;
const NAMES = 124;
/** Everything is drawn for this width, and scaled to the place there is. */
const WIDTH = 960;

/** What takes no longer is drawn in its true proportion, anything longer by its logarithm. */
const SHORT_MS = 3_000;
/** Of those, what is sooner than this keeps its proportion. */
const LINEAR_MS = 300;
const MINUTE_MS = 60_000;
const TICKS_MS = [0, 300, 2_000, 10_000, MINUTE_MS, 600_000, 3_600_000, 43_200_000, 604_800_000];
const SHORT_TICKS = 5;

/**
 * All entries on one axis that begins with the order. Beyond some seconds it is logarithmic: a saga
 * takes milliseconds, a retry minutes, a parcel days, and all three are to be seen.
 */
export function TimeAxis(props: {
  readonly entries: readonly XrayEntry[];
  readonly begin: number;
}) {
  const { entries, begin } = props;
  const lanes = [...new Set(entries.map(({ lane }) => lane))].sort(byPlace);
  const after = entries.map(({ at, tookMs }) => Date.parse(at) - begin + (tookMs ?? 0));
  const last = Math.max(200, ...after);
  const scaled = last <= SHORT_MS ? (ms: number) => ms : logarithmic;
  const x = (ms: number) => NAMES + (scaled(ms) / scaled(last)) * (WIDTH - NAMES - 20);
  const height = TOP + lanes.length * ROW + 6;
  const ticks = last <= SHORT_MS ? evenly(last) : TICKS_MS.filter((ms) => ms <= last);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="Time axis">
      <svg
        class="axis"
        viewBox={`0 0 ${WIDTH} ${height}`}
        role="img"
        aria-label={`${entries.length} things happened in ${span(last)}, in ${lanes.length} lanes`}
      >
        {ticks.map((ms) => (
          <g key={ms}>
            <line class="grid" x1={x(ms)} x2={x(ms)} y1={TOP - 6} y2={height} />
            <text class="tick" x={x(ms)} y={12} text-anchor="middle">
              {span(ms)}
            </text>
          </g>
        ))}
        {lanes.map((lane, row) => (
          <g key={lane} transform={`translate(0 ${TOP + row * ROW})`}>
            <text class="name" x={8} y={ROW / 2 + 4}>
              {lane}
            </text>
            <line class="grid" x1={NAMES} x2={WIDTH} y1={ROW / 2} y2={ROW / 2} />
            {entries
              .filter((entry) => entry.lane === lane)
              .map((entry, index) => (
                <Mark key={index} entry={entry} begin={begin} x={x} />
              ))}
          </g>
        ))}
      </svg>
    </div>
  );
}

function Mark(props: {
  readonly entry: XrayEntry;
  readonly begin: number;
  readonly x: (ms: number) => number;
}) {
  const { entry, begin, x } = props;
  const start = Date.parse(entry.at) - begin;
  const from = x(start);
  const width = Math.max(7, x(start + (entry.tookMs ?? 0)) - from);
  return (
    <rect class={`mark ${entry.state}`} x={from} y={ROW / 2 - 6} width={width} height={12} rx={3}>
      <title>
        {entry.what} ({entry.state}), +{span(start)}
      </title>
    </rect>
  );
}

function logarithmic(ms: number): number {
  return Math.log10(1 + Math.max(0, ms) / LINEAR_MS);
}

function evenly(last: number): number[] {
  const step = last / SHORT_TICKS;
  return Array.from({ length: SHORT_TICKS }, (_, index) => index * step);
}

/** From the request through the saga to its events; then the consumers, by name. */
const PLACES = ['request', 'saga', 'journal', 'stream'];

function byPlace(a: string, b: string): number {
  const place = (lane: string) => (PLACES.includes(lane) ? PLACES.indexOf(lane) : PLACES.length);
  return place(a) - place(b) || a.localeCompare(b);
}

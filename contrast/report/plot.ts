/** One line of a chart. */
interface Line {
  readonly label: string;
  readonly colour: string;
  readonly dash: string;
  readonly values: readonly number[];
}

/** What a chart shows: values at equal steps of time. */
export interface Chart {
  readonly title: string;
  readonly yLabel: string;
  readonly secondsPerValue: number;
  /** A span of time that is shaded, in seconds. */
  readonly shaded: readonly [from: number, to: number] | undefined;
  readonly lines: readonly Line[];
}

const WIDTH = 640;
const HEIGHT = 240;
const LEFT = 56;
const RIGHT = 16;
const TOP = 44;
const BOTTOM = 48;
const GRID_LINES = 4;
const X_TICK_SECONDS = 10;

/** Draws the chart as an SVG that can be read on light and dark pages. */
export function drawChart(chart: Chart): string {
  const seconds = longest(chart) * chart.secondsPerValue;
  const yMax = niceMax(Math.max(1, ...chart.lines.flatMap(({ values }) => values)));
  const x = (second: number) => LEFT + (second / seconds) * (WIDTH - LEFT - RIGHT);
  const y = (value: number) => HEIGHT - BOTTOM - (value / yMax) * (HEIGHT - TOP - BOTTOM);
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    text(LEFT, 18, chart.title, 'font-weight="600"'),
    ...shade(chart, x),
    ...grid(yMax, y),
    ...ticks(seconds, x),
    ...chart.lines.map((line) => polyline(line, chart.secondsPerValue, x, y)),
    ...legend(chart.lines),
    text(WIDTH - RIGHT, HEIGHT - 6, 'seconds', 'text-anchor="end" fill="#555"'),
    text(LEFT, 36, chart.yLabel, 'fill="#555"'),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="12">
<title>${escape(chart.title)}</title>
${parts.join('\n')}
</svg>
`;
}

function longest({ lines }: Chart): number {
  return Math.max(1, ...lines.map(({ values }) => values.length - 1));
}

function shade({ shaded }: Chart, x: (second: number) => number): string[] {
  if (!shaded) return [];
  const [from, to] = shaded.map(x) as [number, number];
  const width = Math.max(to - from, 2);
  return [
    `<rect x="${round(from)}" y="${TOP}" width="${round(width)}" height="${HEIGHT - TOP - BOTTOM}" fill="#f6d9d5"/>`,
  ];
}

function grid(yMax: number, y: (value: number) => number): string[] {
  return Array.from({ length: GRID_LINES + 1 }, (_, i) => {
    const value = (yMax / GRID_LINES) * i;
    const line = `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${round(y(value))}" y2="${round(y(value))}" stroke="#ddd"/>`;
    return `${line}${text(LEFT - 6, y(value) + 4, String(Math.round(value)), 'text-anchor="end"')}`;
  });
}

function ticks(seconds: number, x: (second: number) => number): string[] {
  const count = Math.floor(seconds / X_TICK_SECONDS) + 1;
  return Array.from({ length: count }, (_, i) =>
    text(
      x(i * X_TICK_SECONDS),
      HEIGHT - BOTTOM + 16,
      String(i * X_TICK_SECONDS),
      'text-anchor="middle"',
    ),
  );
}

function polyline(
  { values, colour, dash }: Line,
  secondsPerValue: number,
  x: (second: number) => number,
  y: (value: number) => number,
): string {
  const points = values.map((value, i) => `${round(x(i * secondsPerValue))},${round(y(value))}`);
  return `<polyline points="${points.join(' ')}" fill="none" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>`;
}

/** By dash as well as by colour. */
function legend(lines: readonly Line[]): string[] {
  const width = 160;
  const y = HEIGHT - 10;
  return lines.map(({ label, colour, dash }, i) => {
    const at = LEFT + width * i;
    return `<line x1="${at}" x2="${at + 26}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2" stroke-dasharray="${dash}"/>${text(at + 32, y + 4, label)}`;
  });
}

function niceMax(value: number): number {
  const step = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 5, 8, 10].map((times) => times * step).find((nice) => nice >= value)!;
}

function text(x: number, y: number, words: string, attributes = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escape(words)}</text>`;
}

function escape(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

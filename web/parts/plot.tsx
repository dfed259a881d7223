import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** One line of a plot. */
export interface Line {
  readonly label: string;
  /** A custom property of the style sheet, so that both themes have their own. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

const HEIGHT = 170;

/** Lines over time; what they show in a sentence is for who cannot see them. */
export function Plot(props: {
  readonly title: string;
  readonly sentence: string;
  readonly times: readonly number[];
  readonly lines: readonly Line[];
  readonly format: (value: number) => string;
}) {
  const { title, sentence, times, lines, format } = props;
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const data = [times, ...lines.map(({ values }) => values)] as unknown as uPlot.AlignedData;

  useEffect(() => {
    const element = place.current!;
    const style = getComputedStyle(element);
    const ink = style.getPropertyValue('--quiet');
    const grid = { stroke: style.getPropertyValue('--line'), width: 1 };
    const axis = { stroke: ink, grid, ticks: grid, font: '12px system-ui' };
    plot.current = new uPlot(
      {
        ...{ width: element.clientWidth, height: HEIGHT, cursor: { y: false } },
        legend: { live: false },
        scales: { y: { range: (_, __, max) => [0, Math.max(1, (max ?? 0) * 1.1)] } },
        axes: [
          { ...axis, space: 70 },
          { ...axis, size: 66, values: (_, ticks) => ticks.map(format) },
        ],
        series: [
          {},
          ...lines.map(({ label, color }) => ({
            ...{ label, stroke: style.getPropertyValue(color), width: 2, spanGaps: false },
            points: { size: 4 },
          })),
        ],
      },
      data,
      element,
    );
    const resized = new ResizeObserver(() =>
      plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }),
    );
    resized.observe(element);
    return () => {
      resized.disconnect();
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(data));

  return (
    <figure class="plot">
      <figcaption>{title}</figcaption>
      <div ref={place} role="img" aria-label={`${title}: ${sentence}`} />
    </figure>
  );
}

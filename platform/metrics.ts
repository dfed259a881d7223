import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Seconds, from a statement to a saga that waited for somebody. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900];

/** How often the event loop's delay is looked at. */
const EVENT_LOOP_PRECISION_MS = 20;

/** Another exporter's page must not hold up ours. */
const FOREIGN_TIMEOUT_MS = 1_000;

interface Described<Label extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/**
 * What one process tells Prometheus (text format 0.0.4). Each name begins with `tandem_` and ends
 * with its unit; each label has a bounded set of values. docs/metrics.md lists them all.
 */
export class Metrics {
  readonly #registry = new Registry();
  readonly #foreign: (() => Promise<string>)[] = [];

  constructor(processName: string) {
    this.#registry.setDefaultLabels({ process: processName });
    collectDefaultMetrics({
      register: this.#registry,
      eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS,
    });
  }

  /** Counts up; its name ends with `_total`. */
  counter<Label extends string = never>({ name, help, labels = [] }: Described<Label>) {
    return new Counter({ name, help, labelNames: labels, registers: [this.#registry] });
  }

  /** How long things take, in seconds. */
  histogram<Label extends string = never>({ name, help, labels = [] }: Described<Label>) {
    const registers = [this.#registry];
    return new Histogram({ name, help, labelNames: labels, buckets: SECONDS, registers });
  }

  /** What stands now; with `collect` it is looked up whenever somebody asks. */
  gauge<Label extends string = never>(
    { name, help, labels = [] }: Described<Label>,
    collect?: (gauge: Gauge<Label>) => Promise<void> | void,
  ) {
    const registers = [this.#registry];
    return new Gauge<Label>({
      ...{ name, help, labelNames: labels, registers },
      ...(collect
        ? {
            collect: function (this: Gauge<Label>) {
              return collect(this);
            },
          }
        : {}),
    });
  }

  /** Adds the page of another exporter, such as that of Temporal's core; left out while it is away. */
  addPage(url: string): void {
    this.#foreign.push(async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(FOREIGN_TIMEOUT_MS) });
      return answer.text();
    });
  }

  /** The page as Prometheus reads it. */
  async page(): Promise<string> {
    const foreign = this.#foreign.map((read) => read().catch(() => ''));
    return [await this.#registry.metrics(), ...(await Promise.all(foreign))].join('\n');
  }

  /** The type of {@link page}. */
  get contentType(): string {
    return this.#registry.contentType;
  }
}

import { computed } from '@preact/signals';
import type { Overview, Point } from '../api';
import { overview, points } from '../live';
import { Plot } from '../parts/plot';
import { count, money, span } from '../parts/words';
import { Groups } from './groups';
import { Latest } from './latest';

const WIDTH_SECONDS = 5;
const HOUR_SECONDS = 3_600;
/** Rates are of the last whole points: the newest is not over yet. */
const RATE_POINTS = 2;

/** Every five seconds of the last hour; where nothing happened there are zeroes. */
const hour = computed(() => {
  const told = overview.value;
  const newest =
    Math.floor((told ? Date.parse(told.at) : 0) / 1000 / WIDTH_SECONDS) * WIDTH_SECONDS;
  const known = [...points.value.keys()];
  const oldest = Math.max(newest - HOUR_SECONDS, Math.min(newest - 300, ...known));
  const length = Math.max(1, Math.round((newest - oldest) / WIDTH_SECONDS));
  const times = Array.from({ length }, (_, index) => oldest + index * WIDTH_SECONDS);
  return { times, at: times.map((time) => points.value.get(time)) };
});

/** How everything stands. */
export function Now() {
  const told = overview.value;
  if (!told) return <p class="hint">Looking …</p>;
  return (
    <>
      <h1>Now</h1>
      <Tiles told={told} />
      <Plots />
      <Groups groups={told.groups} />
      <Latest told={told} />
    </>
  );
}

function Tiles({ told: { orders, groups } }: { readonly told: Overview }) {
  const { at } = hour.value;
  const last = at.slice(-RATE_POINTS);
  const rate = (of: (point: Point) => number) =>
    last.reduce((sum, point) => sum + (point ? of(point) : 0), 0) / (last.length * WIDTH_SECONDS);
  const all = at.filter((point) => point !== undefined);
  const sum = (of: (point: Point) => number) => all.reduce((total, point) => total + of(point), 0);
  const latest = all.findLast(({ p50Ms }) => p50Ms !== null);
  const dead = groups.reduce((total, group) => total + group.dead, 0);
  const parked = groups.reduce((total, group) => total + group.parked, 0);
  const currency = all.findLast((point) => point.currency !== null)?.currency ?? null;
  return (
    <dl class="tiles">
      <Tile name="Orders a second" value={rate(({ placed }) => placed).toFixed(1)} />
      <Tile name="Confirmed, last hour" value={count(sum(({ confirmed }) => confirmed))} />
      <Tile name="Rejected, last hour" value={count(sum(({ rejected }) => rejected))} />
      <Tile
        name="Failed, last hour"
        value={count(sum(({ failed }) => failed))}
        isBad={sum(({ failed }) => failed) > 0}
      />
      <Tile
        name="Revenue, last hour"
        value={money(
          sum((point) => point.revenueMinor),
          currency,
        )}
      />
      <Tile
        name="Time to confirmed"
        value={span(latest?.p50Ms ?? null)}
        more={`p95 ${span(latest?.p95Ms ?? null)}`}
      />
      <Tile
        name="Orders under way"
        value={count(orders.pending)}
        more={`${count(orders.waitingForSaga)} not begun`}
      />
      <Tile
        name="Needs a person"
        value={count(orders.needsAttention)}
        isBad={orders.needsAttention > 0}
        href="#/repair/attention"
      />
      <Tile
        name="Dead letters"
        value={count(dead)}
        more={`${count(parked)} parked`}
        isBad={dead > 0}
        href="#/repair/dead-letters"
      />
      <Tile
        name="Events to publish"
        value={count(orders.unpublished)}
        more={`oldest ${span(orders.oldestUnpublishedSeconds * 1000)}`}
      />
    </dl>
  );
}

function Tile(props: {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
  readonly isBad?: boolean;
  readonly href?: string;
}) {
  const { name, value, more, isBad, href } = props;
  return (
    <div class={isBad ? 'tile bad' : 'tile'}>
      <dt>{href === undefined ? name : <a href={href}>{name}</a>}</dt>
      <dd>
        {value} {more !== undefined && <small>{more}</small>}
      </dd>
    </div>
  );
}

function Plots() {
  const { times, at } = hour.value;
  const perSecond = (of: (point: Point) => number) =>
    at.map((point) => (point ? of(point) / WIDTH_SECONDS : 0));
  const placed = perSecond((point) => point.placed);
  const most = Math.max(0, ...placed);
  return (
    <div class="plots">
      <Plot
        title="Orders a second"
        sentence={`at most ${most.toFixed(1)} placed in the last hour`}
        times={times}
        format={(value) => String(value)}
        lines={[
          { label: 'placed', color: '--blue', values: placed },
          {
            label: 'confirmed',
            color: '--green',
            values: perSecond(({ confirmed }) => confirmed),
          },
          {
            label: 'rejected or failed',
            color: '--red',
            values: perSecond(({ rejected, failed }) => rejected + failed),
          },
        ]}
      />
      <Plot
        title="Time to confirmed"
        sentence="median and 95th percentile of each five seconds"
        times={times}
        format={(value) => span(value)}
        lines={[
          { label: 'p50', color: '--blue', values: at.map((point) => point?.p50Ms ?? null) },
          { label: 'p95', color: '--amber', values: at.map((point) => point?.p95Ms ?? null) },
        ]}
      />
    </div>
  );
}

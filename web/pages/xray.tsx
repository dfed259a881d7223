import { useSignal } from '@preact/signals';
import { ask, run, type Xray, type XrayEntry } from '../api';
import { Action } from '../parts/action';
import { Badge } from '../parts/badge';
import { useLoaded } from '../parts/loaded';
import { clock, money, span } from '../parts/words';
import { Decide } from '../repair/decide';
import { Reason } from '../repair/reason';
import { route } from '../route';
import { TimeAxis } from './time-axis';
import { Waterfalls } from './waterfall';

/** While it is young it is happening; later a parcel may be sent, or a person decide. */
const YOUNG_MS = 120_000;
const LOOK_MS = { young: 1_000, old: 5_000 };

const MARKS: Record<XrayEntry['state'], string> = {
  ...{ done: '✔', undone: '↶', refused: '✘', failed: '✘', waiting: '…', dead: '☠' },
};

/** One order on both sides, on one time axis. */
export function XrayPage() {
  const id = route.value[1] ?? '';
  const path = `/v1/ops/orders/${encodeURIComponent(id)}/xray`;
  const isYoung = Date.now() - placedAt(id) < YOUNG_MS;
  const lookMs = isYoung ? LOOK_MS.young : LOOK_MS.old;
  const { data, error, reload } = useLoaded(() => ask<Xray>(path), id, lookMs);
  if (error && !data) return <NotThere id={id} error={error} />;
  if (!data) return <p class="hint">Looking …</p>;
  return (
    <>
      <Head found={data} reload={reload} />
      {error && <p class="error">{error}</p>}
      <Sagas found={data} reload={reload} />
      <Notes found={data} reload={reload} />
      <h2>On one time axis</h2>
      <TimeAxis entries={data.entries} begin={Date.parse(data.order.createdAt)} />
      <Entries found={data} />
      <Waterfalls traces={data.traces ?? []} />
    </>
  );
}

/** An order's id is a UUIDv7, which begins with its time (RFC 9562, section 5.7). */
function placedAt(id: string): number {
  return Number.parseInt(id.slice(4).replaceAll('-', '').slice(0, 12), 16);
}

function NotThere({ id, error }: { readonly id: string; readonly error: string }) {
  return (
    <>
      <h1>Order {id}</h1>
      <p class="error" role="alert">
        {error}
      </p>
    </>
  );
}

function Head({ found, reload }: { readonly found: Xray; readonly reload: () => Promise<void> }) {
  const { order, traceLink, silentGroups } = found;
  const why = useSignal('');
  const cancel = async () => {
    await run('saga cancel', [order.id], { why: why.value });
    await reload();
  };
  const mayCancel =
    ['pending', 'confirmed'].includes(order.status) && order.fulfilmentStatus !== 'shipped';
  return (
    <>
      <h1 class="id">{order.id}</h1>
      <p class="facts">
        <Badge state={order.status} /> {order.outcomeCode}
        <span>
          payment <Badge state={order.paymentStatus} />
        </span>
        <span>
          fulfilment <Badge state={order.fulfilmentStatus} />
        </span>
        <strong>{money(order.totalMinor, order.currency)}</strong>
        <span>{order.lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ')}</span>
        <span>placed {clock(order.createdAt)}</span>
        {order.payment?.intentId && <span>payment {order.payment.intentId}</span>}
        {traceLink && <a href={traceLink}>trace</a>}
      </p>
      {order.needsAttention.length > 0 && (
        <p class="error" role="alert">
          Needs a person: {order.needsAttention.join(', ')}
        </p>
      )}
      {silentGroups.length > 0 && (
        <p class="error">Could not be asked: {silentGroups.join(', ')}</p>
      )}
      {mayCancel && (
        <details>
          <summary>Cancel this order</summary>
          <Reason why={why} about="cancelling" />
          <Action kind="danger" isDisabled={why.value.trim() === ''} onClick={cancel}>
            Cancel it
          </Action>
        </details>
      )}
    </>
  );
}

function Sagas({ found, reload }: { readonly found: Xray; readonly reload: () => Promise<void> }) {
  const { sagas, order } = found;
  if (sagas === null) {
    return <p class="error">Temporal does not answer. Below is what we know ourselves.</p>;
  }
  if (sagas.length === 0) {
    return <p class="hint">Temporal has no saga of it, or not any more.</p>;
  }
  return (
    <ul class="plain">
      {sagas.map(({ workflowId, status, openSteps, pending, link }) => (
        <li key={workflowId}>
          Saga{' '}
          {link === null ? (
            workflowId
          ) : (
            <a href={link} target="_blank" rel="noreferrer">
              {workflowId}
            </a>
          )}{' '}
          <Badge state={status.toLowerCase()} />
          {pending.map(({ activity, attempt, lastError }) => (
            <p key={activity} class="hint">
              {activity}, attempt {attempt}: {lastError ?? 'under way'}
            </p>
          ))}
          {openSteps.map((step) => (
            <Decide key={step} orderId={order.id} step={step} onDone={reload} />
          ))}
        </li>
      ))}
    </ul>
  );
}

/** What a person is to finish though no saga waits for it, such as what the reconciler noted. */
function Notes({ found, reload }: { readonly found: Xray; readonly reload: () => Promise<void> }) {
  const { sagas, order } = found;
  if (sagas === null || sagas.some(({ status }) => status === 'RUNNING')) return null;
  return (
    <>
      {order.needsAttention.map((note) => (
        <Decide key={note} orderId={order.id} step={note} isNote onDone={reload} />
      ))}
    </>
  );
}

function Entries({ found: { entries, order } }: { readonly found: Xray }) {
  const lanes = [...new Set(entries.map(({ lane }) => lane))];
  const chosen = useSignal('all');
  const begin = Date.parse(order.createdAt);
  const shown = entries.filter(({ lane }) => chosen.value === 'all' || chosen.value === lane);
  return (
    <section>
      <label class="narrow">
        Lane
        <select value={chosen} onChange={(event) => (chosen.value = event.currentTarget.value)}>
          <option value="all">all</option>
          {lanes.map((lane) => (
            <option key={lane}>{lane}</option>
          ))}
        </select>
      </label>
      <ol class="entries">
        {shown.map((entry, index) => (
          <Entry key={`${entry.at} ${index}`} entry={entry} begin={begin} />
        ))}
      </ol>
    </section>
  );
}

function Entry({ entry, begin }: { readonly entry: XrayEntry; readonly begin: number }) {
  const { at, tookMs, lane, what, state, attempt, detail } = entry;
  const facts = Object.entries(detail).filter(([name]) => name !== 'text' && name !== 'error');
  const error = detail['error'];
  const text = detail['text'];
  return (
    <li class={`entry ${state}`}>
      <time dateTime={at} title={at}>
        +{span(Date.parse(at) - begin)}
      </time>
      <span class="lane">{lane}</span>
      <span class="what">
        <span aria-label={state}>{MARKS[state]}</span> {what}
        {attempt !== null && attempt > 1 && ` (attempt ${attempt})`}
        {tookMs !== null && <small> took {span(tookMs)}</small>}
        {typeof error === 'string' && <span class="reason">{error}</span>}
      </span>
      {facts.length > 0 && (
        <details>
          <summary>{facts.map(([name]) => name).join(', ')}</summary>
          <dl>
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
          {typeof text === 'string' && <pre>{text}</pre>}
        </details>
      )}
    </li>
  );
}

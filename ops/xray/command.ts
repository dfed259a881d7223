import { styleText } from 'node:util';
import type { Xray, XrayEntry } from '../../api/operator/xray-resource';
import { Refusal } from '../../consumers/admin/refusal';
import { formatMoney } from '../../domain/money';
import { loadConfig } from '../../platform/config';
import type { Answer, Call, Command } from '../command';
import type { OperatorTools } from '../operator-tools';
import { takeXray, type XrayLinks } from './take';

const MARKS: Record<XrayEntry['state'], string> = {
  ...{ done: '✔', undone: '↶', refused: '✘', failed: '✘', waiting: '…', dead: '☠' },
};

const MAX_DETAIL = 100;

/** `npm run ops -- xray ORDER`: the same as the page of the control room. */
export const XRAY_COMMAND: Command<OperatorTools> = {
  words: ['ORDER'],
  about: 'one order on both sides, on one time axis: requests, steps, journal, events, consumers',
  run: xray,
};

async function xray(tools: OperatorTools, { words: [orderId = ''] }: Call): Promise<Answer> {
  const found = await takeXray({ ...tools, links: xrayLinks() }, orderId);
  if (!found) throw new Refusal(`there is no order "${orderId}"`);
  return { data: found, lines: describe(found) };
}

/** Where more can be read, as the settings say. */
export function xrayLinks(): XrayLinks {
  const config = loadConfig('TEMPORAL_UI_URL', 'TRACE_LINK', 'TRACE_VIEWER_URL');
  return {
    temporalUi: config.TEMPORAL_UI_URL,
    trace: config.TRACE_LINK,
    traceViewer: config.TRACE_VIEWER_URL,
  };
}

function describe({ order, entries, sagas, silentGroups, traces, traceLink }: Xray): string[] {
  const begin = Date.parse(order.createdAt);
  const width = Math.max(...entries.map(({ lane }) => lane.length));
  return [
    styleText(
      'bold',
      `${order.id}: ${order.status}${order.outcomeCode ? ` (${order.outcomeCode})` : ''}`,
    ),
    `${formatMoney(order.totalMinor, order.currency)}, payment ${order.paymentStatus}, fulfilment ${order.fulfilmentStatus}, tenant ${order.tenant}`,
    `placed ${order.createdAt} by request ${order.requestId ?? '?'}`,
    ...order.needsAttention.map((what) => `⚠ needs a person: ${what}`),
    '',
    ...entries.map((entry) => line(entry, begin, width)),
    '',
    ...(sagas === null ? ['Temporal does not answer: what it says now is missing'] : []),
    ...(sagas ?? []).flatMap(({ workflowId, status, openSteps, pending, link }) => [
      `saga ${workflowId}: ${status}${link === null ? '' : `  ${link}`}`,
      ...openSteps.map((step) => `  ⚠ open: ${step}`),
      ...pending.map(({ activity, attempt, lastError }) => {
        return `  … ${activity}, attempt ${attempt}: ${lastError ?? 'under way'}`;
      }),
    ]),
    ...silentGroups.map((group) => `group ${group} could not be asked`),
    ...(traces ?? []).map(({ traceId, spans }) => `trace ${traceId}: ${spans.length} spans`),
    ...(traceLink === null ? [] : [`trace ${traceLink}`]),
  ];
}

function line(
  { at, tookMs, lane, what, state, attempt, detail }: XrayEntry,
  begin: number,
  width: number,
) {
  const after = `+${((Date.parse(at) - begin) / 1000).toFixed(3)} s`;
  const took = tookMs === null ? '' : ` (${tookMs} ms)`;
  const again = attempt !== null && attempt > 1 ? ` attempt ${attempt}` : '';
  const { error, ...others } = detail;
  const facts = Object.entries(others).filter(([name]) => name !== 'text');
  const said = facts.length > 0 ? `  ${JSON.stringify(Object.fromEntries(facts))}` : '';
  const shown = said.length > MAX_DETAIL ? `${said.slice(0, MAX_DETAIL)}…` : said;
  const why = typeof error === 'string' ? `: ${error}` : '';
  return `${after.padStart(11)}  ${lane.padEnd(width)}  ${MARKS[state]} ${what}${again}${took}${why}${shown}`;
}

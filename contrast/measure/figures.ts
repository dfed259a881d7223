import { percentile } from '../../bench/percentile';
import type { KnownIntent } from '../../dev/payment-simulator/client';
import type { KnownOrder } from '../design';
import type { Answer } from '../load/customers';

/** What a customer still calls "at once"; an order or a mail that takes longer was delayed. */
const LATE_MS = 3_000;

/** How fine the plots are. */
export const SAMPLE_MS = 500;
/** The longest that is plotted: load and recovery. */
const MAX_SAMPLES = 150;

/** All that is known when a run is over. */
export interface Evidence {
  readonly answers: readonly Answer[];
  readonly orders: readonly KnownOrder[];
  readonly intents: readonly KnownIntent[];
  /** The confirmations that customers got: to whom, and when. */
  readonly mails: readonly { readonly to: string; readonly at: number }[];
  readonly availableBefore: number;
  readonly availableAfter: number;
  /** When what was broken was whole again, in milliseconds since the epoch. */
  readonly healedAt: number;
}

/** What a design came to under one scenario. Times are milliseconds, counts are orders. */
export interface Figures {
  readonly orders: number;
  readonly accepted: number;
  /** The customer saw an error and went away. */
  readonly turnedAway: number;
  /** Among those: the order was confirmed all the same, and nobody has said so to their screen. */
  readonly confirmedUntold: number;
  readonly repeatedRequests: number;
  readonly answerMs: { readonly p50: number; readonly p99: number };
  readonly outcomeMs: { readonly p50: number; readonly p99: number };
  /** Accepted, and not known to the design. */
  readonly lost: number;
  /** Without an outcome when everything had had time to end. */
  readonly stuck: number;
  /** Given up by the design itself, and undone. */
  readonly failed: number;
  readonly chargedWrongly: number;
  /** Units that are neither on the shelf nor in a confirmed order. */
  readonly stockLeaked: number;
  readonly mailsMissing: number;
  readonly mailsDoubled: number;
  /** The most orders at one time that wait for their outcome, or their mail. */
  readonly queuedPeak: number;
  /** How many wait, sampled every {@link SAMPLE_MS} from when the first order was due. */
  readonly queue: readonly number[];
  /** From when it was whole again until no order or mail was late; null when some never came. */
  readonly recoveryMs: number | null;
}

/** Counts what can be counted. */
export function figuresOf(evidence: Evidence): Figures {
  const { answers, orders, intents, mails } = evidence;
  const accepted = answers.filter(({ orderId }) => orderId !== undefined);
  const turnedAway = answers.filter(({ orderId }) => orderId === undefined);
  const byCustomer = new Map(orders.map((order) => [order.customerId, order]));
  const orderOf = ({ planned }: Answer) => byCustomer.get(planned.order.customer.id);
  const confirmed = orders.filter(({ status }) => status === 'confirmed');
  const mailsOf = countBy(mails.map(({ to }) => to));
  const mailCount = (order: KnownOrder) => mailsOf.get(addressOf(order)) ?? 0;
  const journeys = journeysOf(evidence);
  return {
    orders: answers.length,
    accepted: accepted.length,
    turnedAway: turnedAway.length,
    confirmedUntold: turnedAway.filter((answer) => orderOf(answer)?.status === 'confirmed').length,
    repeatedRequests: answers.reduce((sum, { tries }) => sum + tries - 1, 0),
    answerMs: spreadOf(accepted.map(({ answerMs }) => answerMs)),
    outcomeMs: spreadOf(
      journeys.flatMap(({ dueAt, endedAt }) => (endedAt === null ? [] : [endedAt - dueAt])),
    ),
    lost: accepted.filter((answer) => orderOf(answer) === undefined).length,
    stuck: orders.filter(({ status }) => status === 'open').length,
    failed: orders.filter(({ status }) => status === 'failed').length,
    chargedWrongly: orders.filter((order) => isChargedWrongly(order, intents)).length,
    stockLeaked: evidence.availableBefore - evidence.availableAfter - unitsSold(orders),
    mailsMissing: confirmed.filter((order) => mailCount(order) === 0).length,
    mailsDoubled: confirmed.filter((order) => mailCount(order) > 1).length,
    queuedPeak: peakOf(journeys),
    queue: queueOf(journeys),
    recoveryMs: recoveryOf(journeys, evidence.healedAt),
  };
}

/** The customer's address, as the load gives it. */
export function addressOf({ customerId }: Pick<KnownOrder, 'customerId'>): string {
  return `${customerId.slice('cus_'.length)}@example.com`;
}

/** Units that confirmed orders have taken from the shelf. */
export function unitsSold(orders: readonly KnownOrder[]): number {
  const confirmed = orders.filter(({ status }) => status === 'confirmed');
  return confirmed.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** Kept once in full of a confirmed order; nothing kept or set aside of any other. */
function isChargedWrongly(order: KnownOrder, intents: readonly KnownIntent[]): boolean {
  const own = intents.filter(({ metadata }) => metadata.orderId === order.orderId);
  const kept = own.reduce((sum, i) => sum + i.amount_received - i.amount_refunded, 0);
  const isSetAside = own.some(({ status }) => status === 'requires_capture');
  return isSetAside || kept !== (order.status === 'confirmed' ? order.totalMinor : 0);
}

/** An order on its way: when it was due, had its outcome, and was done with; null: never. */
interface Journey {
  readonly dueAt: number;
  readonly endedAt: number | null;
  readonly doneAt: number | null;
}

function journeysOf({ answers, orders, mails }: Evidence): Journey[] {
  const dueAt = new Map(answers.map((one) => [one.planned.order.customer.id, one.dueAt]));
  const mailAt = new Map(mails.map(({ to, at }) => [to, at]));
  return orders.map((order) => {
    const endedAt = order.endedAt?.getTime() ?? null;
    const told = order.status === 'confirmed' ? mailAt.get(addressOf(order)) : endedAt;
    return { dueAt: dueAt.get(order.customerId)!, endedAt, doneAt: told ?? null };
  });
}

function peakOf(journeys: readonly Journey[]): number {
  const changes = journeys
    .flatMap(({ dueAt, doneAt }) => [
      { at: dueAt, by: 1 },
      { at: doneAt ?? Infinity, by: -1 },
    ])
    .sort((a, b) => a.at - b.at);
  let [now, peak] = [0, 0];
  for (const { by } of changes) peak = Math.max(peak, (now += by));
  return peak;
}

function queueOf(journeys: readonly Journey[]): number[] {
  const begin = Math.min(...journeys.map(({ dueAt }) => dueAt));
  const last = Math.max(...journeys.map(({ dueAt, doneAt }) => Math.max(dueAt, doneAt ?? dueAt)));
  const samples = Math.min(Math.ceil((last - begin) / SAMPLE_MS) + 1, MAX_SAMPLES);
  return Array.from({ length: samples }, (_, i) => {
    const now = begin + i * SAMPLE_MS;
    const waits = ({ dueAt, doneAt }: Journey) => dueAt <= now && (doneAt ?? Infinity) > now;
    return journeys.filter(waits).length;
  });
}

function recoveryOf(journeys: readonly Journey[], healedAt: number): number | null {
  const late = journeys.filter(({ dueAt, doneAt }) => (doneAt ?? Infinity) - dueAt > LATE_MS);
  if (late.some(({ doneAt }) => doneAt === null)) return null;
  return Math.max(0, ...late.map(({ doneAt }) => doneAt! - healedAt));
}

function spreadOf(numbers: readonly number[]): { p50: number; p99: number } {
  return {
    p50: Math.round(percentile(numbers, 0.5)),
    p99: Math.round(percentile(numbers, 0.99)),
  };
}

function countBy(names: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

import type { Client } from '@temporalio/client';
import type { Xray, XrayEntry } from '../../api/operator/xray-resource';
import type { Groups } from '../../consumers/admin/groups';
import { reportSubject } from '../../db/consumers/subject-report';
import type { Database } from '../../db/database';
import { readJournal } from '../../db/journal';
import { findOrder, type OrderAtPosition } from '../../db/orders';
import { findPayment, type Payment } from '../../db/payments';
import { readAttempts } from '../../db/saga-attempts';
import { ALL_EVENTS } from '../../events/all-events';
import { eventId } from '../../events/envelope';
import { redacted } from '../../platform/redact';
import { loadConsumers, type AnyConsumer } from '../../workers/consumer-registry';
import { groupLane, journalLanes, requestLane, sagaLane } from './lanes';
import { sagasNow } from './now-in-temporal';
import { tracesAbout } from './traces';

/** A saga that is tried for days has more attempts than anybody reads. */
const MAX_ATTEMPTS = 500;

/** An event is said again only when its consumer is rebuilt. */
const MAX_OCCURRENCES = 5;

/** What an X-ray is taken with. */
export interface XrayTools {
  readonly db: Database;
  readonly groups: Groups;
  readonly client: Client;
  readonly links: XrayLinks;
}

/** Where more can be read; each may be unknown. */
export interface XrayLinks {
  /** The Temporal Web UI. */
  readonly temporalUi: string | undefined;
  /** A page of a tracing system, with `{traceId}` in it. */
  readonly trace: string | undefined;
  /** The trace viewer of development. */
  readonly traceViewer: string | undefined;
}

/**
 * One order on both sides. The most of it is from our own records, so that it also works while
 * Temporal, Redis or a consumer is away, and long after Temporal has forgotten. Undefined when there
 * is no such order.
 */
export async function takeXray(tools: XrayTools, orderId: string): Promise<Xray | undefined> {
  const { db, client, links } = tools;
  const order = await findOrder(db, orderId);
  if (!order) return undefined;
  const [payment, journal, attempts, ofGroups, sagas, traces] = await Promise.all([
    findPayment(db, orderId),
    readJournal(db, orderId),
    readAttempts(db, orderId, MAX_ATTEMPTS),
    groupsAbout(tools.groups, orderId),
    sagasNow(client, orderId, links.temporalUi),
    tracesAbout(links.traceViewer, orderId),
  ]);
  const entries = [
    ...requestLane(order, order.position.tenant),
    ...sagaLane(attempts),
    ...journalLanes(journal),
    ...ofGroups.entries,
  ];
  const xray: Xray = {
    object: 'xray',
    // Looked at after the sagas: one that is over has settled what it noted.
    order: factsOf((await findOrder(db, orderId)) ?? order, payment),
    entries: entries.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)),
    ...{ sagas, silentGroups: ofGroups.silent, traces },
    traceLink: traceLink(links.trace, order.position.traceparent),
  };
  // Servers of others answer what they like, with addresses in it.
  return JSON.parse(redacted(JSON.stringify(xray))) as Xray;
}

function factsOf(order: OrderAtPosition, payment: Payment | undefined): Xray['order'] {
  const { orderId: id, status, paymentStatus, fulfilmentStatus, outcomeCode, position } = order;
  return {
    ...{ id, tenant: position.tenant, status, paymentStatus, fulfilmentStatus, outcomeCode },
    ...{ currency: order.currency, totalMinor: order.totalMinor },
    needsAttention: [...order.needsAttention],
    lines: order.lines.map(({ sku, quantity }) => ({ sku, quantity })),
    createdAt: order.createdAt.toISOString(),
    ...{ requestId: order.requestId, traceparent: position.traceparent },
    payment: payment
      ? {
          ...{ state: payment.state, intentId: payment.intentId },
          ...{ amountMinor: payment.amountMinor, declineCode: payment.declineCode },
        }
      : null,
  };
}

let consumers: ReadonlyMap<string, AnyConsumer> | undefined;

/** Their files are looked for once: this process does not change. */
function consumersByGroup(): ReadonlyMap<string, AnyConsumer> {
  return (consumers ??= new Map(loadConsumers().map((consumer) => [consumer.group, consumer])));
}

/** What the groups tell; one that cannot be asked is named, and the others are told. */
async function groupsAbout(
  groups: Groups,
  orderId: string,
): Promise<{ entries: XrayEntry[]; silent: string[] }> {
  const eventIds = eventIdsOf(orderId);
  const silent: string[] = [];
  const names = await groups.names().catch(() => undefined);
  if (!names) return { entries: [], silent: ['all of them'] };
  const lanes = await Promise.all(
    names.map(async (group) => {
      try {
        const db = await groups.tables(group);
        const report = await reportSubject(db, { key: orderId, eventIds });
        const recordsOf = consumersByGroup().get(group)?.recordsOf;
        const records = (await recordsOf?.(db, { subject: orderId, eventIds })) ?? [];
        return groupLane(group, report, records);
      } catch {
        silent.push(group);
        return [];
      }
    }),
  );
  return { entries: lanes.flat(), silent };
}

/** Ids are made of subject, name and occurrence, so that they are known beforehand. */
function eventIdsOf(orderId: string): string[] {
  const occurrences = Array.from({ length: MAX_OCCURRENCES }, (_, index) => index + 1);
  return ALL_EVENTS.flatMap((contract) =>
    occurrences.map((occurrence) => eventId(contract, orderId, occurrence)),
  );
}

/** A traceparent is version, trace, span and flags (W3C Trace Context). */
function traceLink(template: string | undefined, traceparent: string | null): string | null {
  const traceId = traceparent?.split('-')[1];
  return template === undefined || traceId === undefined
    ? null
    : template.replaceAll('{traceId}', traceId);
}

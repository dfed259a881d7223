import type { XrayEntry } from '../../api/operator/xray-resource';
import type { SubjectReport } from '../../db/consumers/subject-report';
import type { JournalEntry } from '../../db/journal';
import type { Order } from '../../db/orders';
import type { SagaAttempt } from '../../db/saga-attempts';
import type { ConsumerRecord } from '../../consumers/runtime/consumer';
import { COMPENSATIONS } from '../../workflows/compensation-activities';

// What each part of the system knows of an order, as entries of one time axis.

/** Text of an entry that is no longer than a person reads in a list. */
const MAX_TEXT = 500;

type Sparse = Omit<XrayEntry, 'at' | 'tookMs' | 'attempt' | 'detail'> & {
  readonly at: Date;
  readonly tookMs?: number;
  readonly attempt?: number;
  readonly detail?: object;
};

function entry({ at, tookMs, attempt, detail, ...rest }: Sparse): XrayEntry {
  return {
    ...{ at: at.toISOString(), tookMs: tookMs ?? null, ...rest, attempt: attempt ?? null },
    detail: Object.fromEntries(Object.entries(detail ?? {}).filter(([, value]) => value !== null)),
  };
}

/** The request that placed the order. */
export function requestLane({ createdAt, requestId }: Order, tenant: string): XrayEntry[] {
  const detail = { requestId, tenant };
  return [
    entry({ at: createdAt, lane: 'request', what: 'POST /v1/orders', state: 'done', detail }),
  ];
}

/** What the saga tried, attempt by attempt. */
export function sagaLane(attempts: readonly SagaAttempt[]): XrayEntry[] {
  const counts = new Map<string, number>();
  return attempts.map((one) => {
    const { workflowId, activity, startedAt, tookMs, outcome, subject, error } = one;
    // Counted here: what was tried together with others, and then alone, begins at 1 again.
    const what = `${workflowId} ${activity} ${subject}`;
    const attempt = Math.max(one.attempt, (counts.get(what) ?? 0) + 1);
    counts.set(what, attempt);
    const isUndone = outcome === 'completed' && COMPENSATIONS.has(activity);
    return entry({
      ...{ at: startedAt, tookMs, attempt, lane: 'saga', what: wordsOf(activity, subject) },
      state: isUndone ? 'undone' : outcome === 'completed' ? 'done' : stateOf(outcome),
      detail: { error, event: subject, workflowId },
    });
  });
}

function stateOf(outcome: Exclude<SagaAttempt['outcome'], 'completed'>): XrayEntry['state'] {
  return outcome === 'refused' ? 'refused' : 'failed';
}

/** `reserveStock` is "reserve stock" to a person, and to publish an event is to publish its name. */
function wordsOf(activity: string, eventId: string | null): string {
  if (activity === 'publishEvent' && eventId !== null) return `publish ${nameOf(eventId)}`;
  return activity.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** Every change of the order, and where its events went. */
export function journalLanes(journal: readonly JournalEntry[]): XrayEntry[] {
  return journal.flatMap(({ sequence, name, recordedAt, detail, eventId, streamId }) => [
    entry({
      ...{ at: recordedAt, lane: 'journal', what: name, state: 'done' },
      detail: { sequence, ...(detail as object), event: eventId },
    }),
    ...(eventId === null ? [] : [published({ eventId, recordedAt, streamId })]),
  ]);
}

/** An entry's id begins with the time at which it was appended, the last time if it was lost. */
function appendedAt(streamId: string | null): Date | undefined {
  return streamId === null ? undefined : new Date(Number(streamId.split('-')[0]));
}

function published(event: {
  readonly eventId: string;
  readonly recordedAt: Date;
  readonly streamId: string | null;
}): XrayEntry {
  const { eventId, recordedAt, streamId } = event;
  return entry({
    // By Redis's own clock: it is marked here only after consumers may have it.
    ...{ at: appendedAt(streamId) ?? recordedAt, lane: 'stream', what: nameOf(eventId) },
    state: streamId === null ? 'waiting' : 'done',
    detail: { event: eventId, streamId },
  });
}

/** What one consumer group did with the order's events, and what it keeps about the order. */
export function groupLane(
  group: string,
  { handled, parked, dead, followUps }: SubjectReport,
  records: readonly ConsumerRecord[],
): XrayEntry[] {
  const lane = group;
  return [
    ...handled.map(({ eventId, handledAt, effect }) =>
      entry({
        ...{ at: handledAt, lane, what: `handled ${nameOf(eventId)}`, state: 'done' },
        detail: { event: eventId, effect },
      }),
    ),
    ...parked.flatMap(({ eventId, parkedAt, dueAt, attempts, history }) => [
      ...failures(lane, eventId, history),
      entry({
        ...{ at: parkedAt, lane, what: `parked ${nameOf(eventId)}`, state: 'waiting' },
        ...(attempts > 0 ? { attempt: attempts } : {}),
        detail: { event: eventId, dueAt, ...(attempts === 0 ? { behind: 'an earlier one' } : {}) },
      }),
    ]),
    ...dead.flatMap(({ deadLetterId, eventId, diedAt, reason, error, state, history }) => [
      ...failures(lane, eventId, history),
      entry({
        ...{ at: diedAt, lane, what: `dead letter ${deadLetterId}` },
        state: state === 'dead' ? 'dead' : state === 'redriving' ? 'waiting' : 'done',
        detail: { event: eventId, reason, error: short(error), now: state },
      }),
    ]),
    ...followUps.flatMap((said) => [
      entry({
        ...{ at: said.recordedAt, lane, what: `said ${nameOf(said.eventId)}`, state: 'done' },
        detail: { event: said.eventId },
      }),
      published(said),
    ]),
    ...records.map(({ at, what, state, detail }) => entry({ at, lane, what, state, detail })),
  ];
}

function failures(
  lane: string,
  eventId: string | null,
  history: SubjectReport['parked'][number]['history'],
): XrayEntry[] {
  return history.map(({ at, errorClass, message, member }, index) =>
    entry({
      ...{ at: new Date(at), lane, what: `failed ${nameOf(eventId)}`, state: 'failed' },
      ...{
        attempt: index + 1,
        detail: { event: eventId, error: `${errorClass}: ${short(message)}`, member },
      },
    }),
  );
}

function short(text: string): string {
  return text.split('\n')[0]!.slice(0, MAX_TEXT);
}

/** An event's id says its name: `<subject>/<name>/<occurrence>`. */
function nameOf(eventId: string | null): string {
  return eventId?.split('/')[1] ?? 'an event without a name';
}

import { Refusal } from '../consumers/admin/refusal';
import { findOrdersNeedingAttention } from '../db/attention';
import { requestCancellation } from '../db/cancellations';
import { readJournal } from '../db/journal';
import { findOrder } from '../db/orders';
import type { Verb } from '../workflows/messages';
import type { Answer, Call, Command } from './command';
import type { OperatorTools } from './operator-tools';
import { whyOption } from './read-option';
import { decide } from './saga-decision';
import { noneIfMissing, openStepsOf, sagasOf } from './saga-now';
import { readTimeline } from './saga-timeline';

/** A list of more is no list to work from. */
const MAX_LISTED = 200;

const DECISION = {
  step: { value: 'STEP', about: 'the open step (or the note, once the saga is over); needed' },
  why: { value: 'TEXT', about: 'why, for the record; needed' },
};

/** `npm run saga -- …`: what a person does about a saga, written into the order's journal. */
export const SAGA_COMMANDS: Readonly<Record<string, Command<OperatorTools>>> = {
  list: { words: [], about: 'the orders that need a person, and for what', run: list },
  show: {
    words: ['ORDER'],
    about: "an order's journal, its saga's steps, and the steps that are open",
    run: show,
  },
  retry: decision('retry', 'try an open step now'),
  done: decision('done', 'it was done by hand: go on as if it had succeeded'),
  'give-up': decision('give-up', 'leave it undone'),
  cancel: {
    words: ['ORDER'],
    about: 'call the order off, before or after it was confirmed; not once it is shipped',
    options: { why: DECISION.why },
    question: (_, { words: [orderId] }) => `Cancel ${orderId}?`,
    run: cancel,
  },
};

function decision(verb: Verb, about: string): Command<OperatorTools> {
  const words = ['ORDER'];
  return { words, about, options: DECISION, isAudited: true, run: (...to) => decide(verb, ...to) };
}

async function list({ db }: OperatorTools): Promise<Answer> {
  const orders = await findOrdersNeedingAttention(db, MAX_LISTED);
  const lines = orders.map(({ orderId, status, needsAttention, updatedAt }) =>
    [orderId, status.padEnd(9), updatedAt.toISOString(), needsAttention.join(', ')].join('  '),
  );
  return { data: orders, lines: orders.length > 0 ? lines : ['no order needs a person'] };
}

async function show({ db, client }: OperatorTools, { words }: Call): Promise<Answer> {
  const [orderId = ''] = words;
  const order = await findOrder(db, orderId);
  if (!order) throw new Refusal(`there is no order "${orderId}"`);
  const { status, paymentStatus, fulfilmentStatus, outcomeCode, needsAttention } = order;
  const journal = await readJournal(db, orderId);
  const sagas = await Promise.all(
    sagasOf(orderId).map(async (workflowId) => ({
      workflowId,
      steps: await readTimeline(client, workflowId).catch(noneIfMissing),
      openSteps: await openStepsOf(client, workflowId),
    })),
  );
  const began = sagas.filter(({ steps }) => steps.length > 0);
  return {
    data: {
      orderId,
      status,
      paymentStatus,
      fulfilmentStatus,
      needsAttention,
      journal,
      sagas: began,
    },
    lines: [
      `${orderId}: ${status}${outcomeCode ? ` (${outcomeCode})` : ''}`,
      `payment ${paymentStatus}, fulfilment ${fulfilmentStatus}`,
      ...(needsAttention.length > 0 ? [`needs a person: ${needsAttention.join(', ')}`] : []),
      '',
      'Journal',
      ...journal.map(({ sequence, name, recordedAt, detail, streamId }) => {
        const where = streamId ?? JSON.stringify(detail);
        return `  ${sequence}  ${recordedAt.toISOString()}  ${name.padEnd(22)} ${where}`;
      }),
      ...began.flatMap(({ workflowId, steps, openSteps }) => [
        '',
        `Saga ${workflowId}`,
        ...steps.map(({ name, tookMs, isFailed }) => {
          const took = tookMs === undefined ? '' : ` (${tookMs} ms)`;
          return `  ${isFailed ? '✘' : '✔'} ${name}${took}`;
        }),
        ...openSteps.map((name) => `  ⚠ open: ${name}`),
      ]),
    ],
  };
}

async function cancel({ db }: OperatorTools, call: Call): Promise<Answer> {
  const [orderId = ''] = call.words;
  whyOption(call);
  const order = await findOrder(db, orderId);
  if (!order) throw new Refusal(`there is no order "${orderId}"`);
  const { tenant } = order.position;
  const request = (await requestCancellation(db, orderId, { tenant }))!;
  if (request.outcome === 'shipped') throw new Refusal(`${orderId} is on its way`);
  if (request.outcome === 'ended') throw new Refusal(`${orderId} is ${request.status} already`);
  const { outcome } = request;
  return { data: { orderId, outcome }, lines: [`${orderId}: ${outcome}`] };
}

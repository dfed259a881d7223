import { WorkflowNotFoundError, isGrpcServiceError, type Client } from '@temporalio/client';
import { Refusal } from '../consumers/admin/refusal';
import { requestCancellation } from '../db/cancellations';
import { readJournal } from '../db/journal';
import { findOrder, findOrdersNeedingAttention } from '../db/orders';
import {
  cancelOrderSagaId,
  DECIDE,
  OPEN_STEPS,
  orderSagaId,
  type OperatorDecision,
  type Verb,
} from '../workflows/messages';
import { BadCall, type Answer, type Call, type Command } from './command';
import type { OperatorTools } from './operator-tools';
import { textOption, whyOption } from './read-option';
import { readTimeline } from './saga-timeline';
import { messageOf } from './tools';

/** A list of more is no list to work from. */
const MAX_LISTED = 200;

const DECISION = {
  step: { value: 'STEP', about: 'the open step that is meant; needed' },
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
    [orderSagaId(orderId), cancelOrderSagaId(orderId)].map(async (workflowId) => ({
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

async function decide(verb: Verb, { client }: OperatorTools, call: Call): Promise<Answer> {
  const [orderId = ''] = call.words;
  const step = textOption(call, 'step')?.trim();
  if (!step) throw new BadCall('--step is needed: "show" names those that are open');
  const why = whyOption(call);
  const sagas = [orderSagaId(orderId), cancelOrderSagaId(orderId)];
  const open = await Promise.all(sagas.map((workflowId) => openStepsOf(client, workflowId)));
  const workflowId = sagas.find((_, index) => open[index]!.includes(step));
  if (!workflowId) throw new Refusal(`no saga of ${orderId} has an open step "${step}"`);
  const decided: OperatorDecision = { verb, step, by: call.by, why };
  const handle = client.workflow.getHandle(workflowId);
  try {
    await handle.executeUpdate<void, [OperatorDecision]>(DECIDE, { args: [decided] });
  } catch (error) {
    // Refused by its validator: somebody else was faster.
    if (error instanceof Error && error.name === 'WorkflowUpdateFailedError')
      throw new Refusal(messageOf(error));
    throw error;
  }
  const line = `${verb}: ${step} of ${orderId}, by ${call.by}`;
  return { data: { orderId, ...decided }, lines: [line] };
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

/** The steps of a saga that a person may decide about; none when there is no such saga. */
export async function openStepsOf(client: Client, workflowId: string): Promise<string[]> {
  return client.workflow.getHandle(workflowId).query<string[]>(OPEN_STEPS).catch(noneIfMissing);
}

/** grpc.status.NOT_FOUND */
const NOT_FOUND = 5;

function noneIfMissing(error: unknown): never[] {
  if (error instanceof WorkflowNotFoundError) return [];
  // A history that is asked for comes without the client's own error.
  if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
  throw error;
}

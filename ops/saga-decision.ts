import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { Refusal } from '../consumers/admin/refusal';
import { settleByHand } from '../db/attention';
import { DECIDE, type OperatorDecision, type Verb } from '../workflows/messages';
import { BadCall, type Answer, type Call } from './command';
import type { OperatorTools } from './operator-tools';
import { textOption, whyOption } from './read-option';
import { isUnderWay, openStepsOf, sagasOf } from './saga-now';
import { messageOf } from './tools';

/**
 * Carries out what a person decided about a step of an order: its saga does where it waits for
 * that; where no saga is under way any more, the note alone is settled.
 */
export async function decide(verb: Verb, tools: OperatorTools, call: Call): Promise<Answer> {
  const [orderId = ''] = call.words;
  const step = textOption(call, 'step')?.trim();
  if (!step) throw new BadCall('--step is needed: "show" names those that are open');
  const decision: OperatorDecision = { verb, step, by: call.by, why: whyOption(call) };
  const running = await sagasUnderWay(tools.client, orderId);
  const workflowId = await waitingFor(tools.client, running, step);
  if (workflowId) await tellSaga(tools.client, workflowId, decision);
  else await settleNote(tools, orderId, decision, running.length > 0);
  const line = `${verb}: ${step} of ${orderId}, by ${call.by}`;
  return { data: { orderId, ...decision }, lines: [line] };
}

/** One that was terminated would still say what it waited for. */
async function sagasUnderWay(client: Client, orderId: string): Promise<string[]> {
  const sagas = sagasOf(orderId);
  const found = await Promise.all(sagas.map((workflowId) => isUnderWay(client, workflowId)));
  return sagas.filter((_, index) => found[index]);
}

async function waitingFor(client: Client, sagas: readonly string[], step: string) {
  const open = await Promise.all(sagas.map((workflowId) => openStepsOf(client, workflowId)));
  return sagas.find((_, index) => open[index]!.includes(step));
}

async function tellSaga(client: Client, workflowId: string, decision: OperatorDecision) {
  const handle = client.workflow.getHandle(workflowId);
  try {
    await handle.executeUpdate<void, [OperatorDecision]>(DECIDE, { args: [decision] });
  } catch (error) {
    // Refused by its validator: somebody else was faster.
    if (error instanceof Error && error.name === 'WorkflowUpdateFailedError')
      throw new Refusal(messageOf(error));
    throw error;
  }
}

/** What the reconciler noted, or a saga that is over. */
async function settleNote(
  { db }: OperatorTools,
  orderId: string,
  made: OperatorDecision,
  isAnyUnderWay: boolean,
): Promise<void> {
  const notOpen = `no saga of ${orderId} has an open step "${made.step}"`;
  // It will open what it has noted, and must find the note when it settles it.
  if (isAnyUnderWay) throw new Refusal(`${notOpen} now, and one is under way`);
  if (made.verb === 'retry') throw new Refusal(`${notOpen}: a note takes "done" or "give-up"`);
  const isSettled = await settleByHand(db, orderId, { decisionId: randomUUID(), ...made });
  if (!isSettled) throw new Refusal(`${notOpen}, and nothing of that name is noted`);
}

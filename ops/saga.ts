import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { WorkflowNotFoundError, isGrpcServiceError } from '@temporalio/client';
import { readJournal } from '../db/journal';
import { findOrder, findOrdersNeedingAttention } from '../db/orders';
import { readTimeline } from './saga-timeline';
import {
  cancelOrderSagaId,
  DECIDE,
  OPEN_STEPS,
  orderSagaId,
  VERBS,
  type OperatorDecision,
  type Verb,
} from '../workflows/messages';
import { runCommand, type Tools } from './tools';

const USAGE = `npm run saga -- list
npm run saga -- show ORDER
npm run saga -- retry | done | give-up ORDER --step STEP --why TEXT [--by NAME]

  list      the orders that need a person, and for what
  show      where an order stands: its journal, its saga's steps, the steps that are open
  retry     try an open step now
  done      it was done by hand: go on as if it had succeeded
  give-up   leave it undone
  --data    the data folder of the npm start that is meant (.tandem)

A decision is written into the order's journal, with who, when and why.`;

/** A list of more is no list to work from. */
const MAX_LISTED = 200;
const MAX_WHY_LENGTH = 500;

const { values, positionals } = parse();
const [command = 'help', orderId = ''] = positionals;
if (command === 'help' || values.help) console.log(USAGE);
else runCommand(values.data, run);

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        step: { type: 'string' },
        why: { type: 'string' },
        by: { type: 'string', default: userInfo().username },
        data: { type: 'string', default: '.tandem' },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

async function run(tools: Tools): Promise<void> {
  if (command === 'list') return list(tools);
  if (command === 'show') return show(tools);
  if (isVerb(command)) return decide(tools, command);
  throw new Error(`there is no "${command}"\n\n${USAGE}`);
}

function isVerb(text: string): text is Verb {
  return (VERBS as readonly string[]).includes(text);
}

async function list({ db }: Tools): Promise<void> {
  const orders = await findOrdersNeedingAttention(db, MAX_LISTED);
  for (const { orderId: id, status, needsAttention, updatedAt } of orders) {
    console.log(
      `${id}  ${status.padEnd(9)}  ${updatedAt.toISOString()}  ${needsAttention.join(', ')}`,
    );
  }
  if (orders.length === 0) console.log('no order needs a person');
}

async function show({ db, client }: Tools): Promise<void> {
  const order = await findOrder(db, orderId);
  if (!order) throw new Error(`there is no order "${orderId}"`);
  const { status, paymentStatus, fulfilmentStatus, outcomeCode, needsAttention } = order;
  console.log(`${orderId}: ${status}${outcomeCode ? ` (${outcomeCode})` : ''}`);
  console.log(`payment ${paymentStatus}, fulfilment ${fulfilmentStatus}`);
  if (needsAttention.length > 0) console.log(`needs a person: ${needsAttention.join(', ')}`);
  console.log('\nJournal');
  for (const { sequence, name, recordedAt, detail, streamId } of await readJournal(db, orderId)) {
    const where = streamId ?? JSON.stringify(detail);
    console.log(`  ${sequence}  ${recordedAt.toISOString()}  ${name.padEnd(22)} ${where}`);
  }
  for (const workflowId of [orderSagaId(orderId), cancelOrderSagaId(orderId)]) {
    const steps = await readTimeline(client, workflowId).catch(noneIfMissing);
    if (steps.length === 0) continue;
    console.log(`\nSaga ${workflowId}`);
    for (const { name, tookMs, isFailed } of steps) {
      const took = tookMs === undefined ? '' : ` (${tookMs} ms)`;
      console.log(`  ${isFailed ? '✘' : '✔'} ${name}${took}`);
    }
    const open = await client.workflow.getHandle(workflowId).query<string[]>(OPEN_STEPS);
    for (const name of open) console.log(`  ⚠ open: ${name}`);
  }
}

async function decide({ client }: Tools, verb: Verb): Promise<void> {
  const { step, why, by } = values;
  if (!step || !why || why.length > MAX_WHY_LENGTH) {
    throw new Error(`${verb} needs --step and --why (at most ${MAX_WHY_LENGTH} characters)`);
  }
  const decision: OperatorDecision = { verb, step, by, why };
  const open = await Promise.all(
    [orderSagaId(orderId), cancelOrderSagaId(orderId)].map(async (workflowId) => {
      const handle = client.workflow.getHandle(workflowId);
      const names: string[] = await handle.query<string[]>(OPEN_STEPS).catch(noneIfMissing);
      return names.includes(step) ? [handle] : [];
    }),
  );
  const [saga] = open.flat();
  if (!saga) throw new Error(`no saga of ${orderId} has an open step "${step}"`);
  await saga.executeUpdate<void, [OperatorDecision]>(DECIDE, { args: [decision] });
  console.log(`${verb}: ${step} of ${orderId}, by ${by}`);
}

/** grpc.status.NOT_FOUND */
const NOT_FOUND = 5;

function noneIfMissing(error: unknown): never[] {
  if (error instanceof WorkflowNotFoundError) return [];
  // A history that is asked for comes without the client's own error.
  if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
  throw error;
}

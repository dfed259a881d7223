import { isGrpcServiceError } from '@temporalio/client';
import type { CommandRequest, CommandResult, Operator } from '../api/operator/operator';
import type { Groups } from '../consumers/admin/groups';
import { Refusal } from '../consumers/admin/refusal';
import { runAudited } from './audited';
import { BadCall } from './command';
import { OPERATOR_AREAS } from './operator-commands';
import type { OperatorTools } from './operator-tools';
import { createOverviewTaker } from './overview/take';
import { calledByProgram } from './program-call';
import { takeXray, type XrayLinks } from './xray/take';

/** Whoever clicks waits no longer for Temporal. */
const COMMAND_TIMEOUT_MS = 10_000;

/** What the control room looks with. */
export interface RoomTools {
  /** Small pools whose statements end soon. */
  readonly lookingGroups: Groups;
  readonly links: XrayLinks;
  readonly pingRedis: () => Promise<unknown>;
}

/** The operator's commands and views for the control room: the same as in a terminal. */
export function createOperator(tools: OperatorTools & RoomTools): Operator {
  // Looking must not wait for a command that takes long, nor for a group that does not answer.
  const looking = { ...tools, groups: tools.lookingGroups };
  return {
    ...createOverviewTaker(looking),
    xray: (orderId) => takeXray(looking, orderId),
    run: (request) => run(tools, request),
  };
}

async function run(tools: OperatorTools, request: CommandRequest): Promise<CommandResult> {
  try {
    const called = calledByProgram(OPERATOR_AREAS, request);
    const { command, call } = called;
    const answer = await tools.client.withDeadline(Date.now() + COMMAND_TIMEOUT_MS, async () => {
      const isAsked = (await command.question?.(tools, call)) !== undefined;
      return runAudited(tools, called, { via: 'api', isAsked });
    });
    const { lines, data, isFailure = false } = answer;
    return { kind: 'answer', lines, data, isFailure };
  } catch (error) {
    if (error instanceof BadCall) return { kind: 'bad-call', message: error.message };
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    const away = whoIsAway(error);
    if (away) return { kind: 'unavailable', message: away };
    throw error;
  }
}

/** grpc.status.FAILED_PRECONDITION: a query finds no worker that could answer it. */
const NO_WORKER = 9;
/** grpc.status.DEADLINE_EXCEEDED and UNAVAILABLE */
const AWAY: ReadonlySet<number> = new Set([4, 14]);

function whoIsAway(error: unknown): string | undefined {
  if (isGrpcServiceError(error)) {
    if (Number(error.code) === NO_WORKER) return 'no saga worker answers';
    return AWAY.has(Number(error.code)) ? 'Temporal does not answer' : undefined;
  }
  return error instanceof Error && error.cause !== undefined ? whoIsAway(error.cause) : undefined;
}

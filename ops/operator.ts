import type { CommandRequest, CommandResult, Operator } from '../api/operator/operator';
import { isGrpcServiceError } from '@temporalio/client';
import { Refusal } from '../consumers/admin/refusal';
import { runAudited } from './audited';
import { BadCall, calledByProgram } from './command';
import { OPERATOR_AREAS } from './operator-commands';
import type { OperatorTools } from './operator-tools';
import { createOverviewTaker } from './overview/take';
import { takeXray, type XrayLinks } from './xray/take';

/** Whoever clicks waits no longer for Temporal. */
const COMMAND_TIMEOUT_MS = 10_000;

/** The operator's commands and views for the control room: the same as in a terminal. */
export function createOperator(tools: OperatorTools, links: XrayLinks): Operator {
  return {
    ...createOverviewTaker(tools),
    xray: (orderId) => takeXray({ ...tools, links }, orderId),
    run: (request) => run(tools, request),
  };
}

async function run(tools: OperatorTools, request: CommandRequest): Promise<CommandResult> {
  try {
    const called = calledByProgram(OPERATOR_AREAS, request);
    const {
      lines,
      data,
      isFailure = false,
    } = await tools.client.withDeadline(Date.now() + COMMAND_TIMEOUT_MS, () =>
      runAudited(tools, called, 'api'),
    );
    return { kind: 'answer', lines, data, isFailure };
  } catch (error) {
    if (error instanceof BadCall) return { kind: 'bad-call', message: error.message };
    if (error instanceof Refusal) return { kind: 'refused', message: error.message };
    if (isTemporalAway(error)) return { kind: 'unavailable', message: 'Temporal does not answer' };
    throw error;
  }
}

/** grpc.status.DEADLINE_EXCEEDED and UNAVAILABLE */
const AWAY: ReadonlySet<number> = new Set([4, 14]);

function isTemporalAway(error: unknown): boolean {
  if (isGrpcServiceError(error)) return AWAY.has(Number(error.code));
  return error instanceof Error && error.cause !== undefined && isTemporalAway(error.cause);
}

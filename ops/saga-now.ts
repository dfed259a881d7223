import {
  isGrpcServiceError,
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
} from '@temporalio/client';
import { cancelOrderSagaId, OPEN_STEPS, orderSagaId } from '../workflows/messages';

/** The workflow ids of the sagas that an order may have. */
export function sagasOf(orderId: string): string[] {
  return [orderSagaId(orderId), cancelOrderSagaId(orderId)];
}

/** A saga as Temporal has it now; undefined when there is none, or not any more. */
export async function describeSaga(
  client: Client,
  workflowId: string,
): Promise<WorkflowExecutionDescription | undefined> {
  return client.workflow
    .getHandle(workflowId)
    .describe()
    .catch((error: unknown) => {
      if (error instanceof WorkflowNotFoundError) return undefined;
      throw error;
    });
}

/** How a workflow can have ended. */
const ENDINGS = ['COMPLETED', 'FAILED', 'CANCELLED', 'TERMINATED', 'TIMED_OUT'];

/** Whether a saga is there that has not ended, whatever it is at. */
export async function isUnderWay(client: Client, workflowId: string): Promise<boolean> {
  const saga = await describeSaga(client, workflowId);
  return saga !== undefined && !ENDINGS.includes(saga.status.name);
}

/** The steps of a saga that a person may decide about; none when there is no such saga. */
export async function openStepsOf(client: Client, workflowId: string): Promise<string[]> {
  return client.workflow.getHandle(workflowId).query<string[]>(OPEN_STEPS).catch(noneIfMissing);
}

/** grpc.status.NOT_FOUND */
const NOT_FOUND = 5;

/** Nothing for the failure of a call about a saga that is not there; other failures are thrown on. */
export function noneIfMissing(error: unknown): never[] {
  if (error instanceof WorkflowNotFoundError) return [];
  // A history that is asked for comes without the client's own error.
  if (isGrpcServiceError(error) && Number(error.code) === NOT_FOUND) return [];
  throw error;
}

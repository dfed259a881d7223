import { WorkflowNotFoundError, WorkflowUpdateStage, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import {
  findCancelRequests,
  markCancelRelayed,
  type RequestedCancellation,
} from '../db/cancellations';
import type { Database } from '../db/database';
import { coalesced } from '../platform/coalesced';
import type { OrderOutcome } from '../workflows/messages';
import { CANCEL_PLACEMENT, orderSagaId } from '../workflows/messages';
import type { SagaStarter } from './saga-starter';

/** An update that is not accepted by then is sent again in the next round. */
const UPDATE_TIMEOUT_MS = 3_000;
const BATCH = 50;

/** Carries out wishes to call an order off. */
export interface CancelRelay {
  /** Looks without anyone waiting. */
  readonly wake: () => void;
  /** Looks now, and waits until everything found has been handed on, or not. */
  readonly relayAll: () => Promise<void>;
}

/**
 * Tells the saga of a pending order to stop what it is waiting for (the request has barred its
 * confirmation already), and starts the saga that calls a confirmed order off.
 */
export function createCancelRelay({
  db,
  client,
  starter,
  logger,
}: {
  db: Database;
  client: Client;
  starter: SagaStarter;
  logger: Logger;
}): CancelRelay {
  const relayAll = coalesced(relaySome);

  async function relaySome(): Promise<void> {
    const requests = await findCancelRequests(db, BATCH);
    await Promise.all(
      requests.map(async (request) => {
        try {
          await relay(request);
          await markCancelRelayed(db, request.orderId);
        } catch (err) {
          logger.warn({ err, orderId: request.orderId }, 'cancellation handed on later');
        }
      }),
    );
  }

  async function relay({ orderId, status }: RequestedCancellation): Promise<void> {
    if (status === 'pending') await cancelPlacement(orderId);
    if (status === 'confirmed') await starter.startCancelOrderSaga(orderId);
  }

  async function cancelPlacement(orderId: string): Promise<void> {
    const handle = client.workflow.getHandle(orderSagaId(orderId));
    try {
      await client.withDeadline(Date.now() + UPDATE_TIMEOUT_MS, () =>
        handle.startUpdate<OrderOutcome, []>(CANCEL_PLACEMENT, {
          // The same wish, however often it is told.
          updateId: 'cancel-requested',
          waitForStage: WorkflowUpdateStage.ACCEPTED,
        }),
      );
    } catch (error) {
      // Not started yet, or over: the confirmation is barred, and there is nothing to interrupt.
      if (!(error instanceof WorkflowNotFoundError)) throw error;
    }
  }

  return {
    relayAll,
    wake: () => {
      relayAll().catch((err: unknown) => logger.warn({ err }, 'could not look for cancellations'));
    },
  };
}

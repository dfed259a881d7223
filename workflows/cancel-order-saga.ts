import {
  allHandlersFinished,
  CancellationScope,
  condition,
  TemporalFailure,
} from '@temporalio/workflow';
import { Attention } from './attention';
import * as step from './cancel-steps';
import { isRefusal, refusalOf } from './endings';
import type { CancellationOutcome, OrderToCancel } from './messages';
import { perform } from './perform';
import { Progress } from './progress';

/**
 * Calls a confirmed order off: stops the shipment, gives the money back, returns the stock. Refused
 * once the order is shipped. From the first step on there is no way back, and nothing cancels it.
 */
export async function cancelOrderSaga(order: OrderToCancel): Promise<CancellationOutcome> {
  return CancellationScope.nonCancellable(() => callOff(order));
}

async function callOff({ orderId }: OrderToCancel): Promise<CancellationOutcome> {
  const progress = new Progress(`Cancel order ${orderId}`);
  const attention = new Attention(orderId);

  progress.begin(step.stopShipment.name);
  try {
    await perform(step.stopShipment, { orderId });
  } catch (failure) {
    if (!(failure instanceof TemporalFailure) || !isRefusal(failure)) throw failure;
    const code = refusalOf(failure)!;
    progress.fail(code);
    return { status: 'refused', code };
  }
  progress.begin(step.giveMoneyBack.name);
  await attention.insist(step.giveMoneyBack, { orderId });
  progress.begin(step.returnStock.name);
  await attention.insist(step.returnStock, { orderId });
  progress.begin(step.cancelOrder.name);
  await attention.insist(step.cancelOrder, { orderId }, (cancelled) =>
    attention.insist(step.publishOrderCancelled, cancelled),
  );
  progress.end('cancelled', attention.waiting);
  await attention.settle();
  await condition(allHandlersFinished);
  const { givenUp } = attention;
  progress.settle(givenUp);
  return givenUp.length > 0 ? { status: 'cancelled', givenUp } : { status: 'cancelled' };
}

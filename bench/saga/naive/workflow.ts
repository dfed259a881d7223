import { proxyActivities } from '@temporalio/workflow';
import type { SagaActivities } from '../../../activities';
import type { PlacedOrderRow } from '../placed-order';

const step = proxyActivities<SagaActivities>({ startToCloseTimeout: '1 minute' });

/** The saga as a beginner would write it, after the first tutorial. */
export async function naiveSaga({
  orderId,
  lines,
  amountMinor,
  currency,
}: PlacedOrderRow): Promise<void> {
  const undos: (() => Promise<unknown>)[] = [];
  try {
    await step.reserveStock({ orderId, lines });
    undos.unshift(() => step.releaseStock({ orderId }));
    await step.authorizePayment({ orderId, amountMinor, currency });
    undos.unshift(() => step.voidAuthorization({ orderId, amountMinor, currency }));
    await step.publishEvent(await step.confirmOrder({ orderId }));
    await step.capturePayment({ orderId });
  } catch (error) {
    for (const undo of undos) await undo();
    throw error;
  }
}

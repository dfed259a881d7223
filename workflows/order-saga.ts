import {
  CancellationScope,
  CancelledFailure,
  createEventGroup,
  TemporalFailure,
} from '@temporalio/workflow';
import type { RecordedEvent } from '../activities/orders';
import { Attention } from './attention';
import { Compensations } from './compensations';
import { endingOf, type Ending } from './endings';
import type { OrderOutcome, PlacedOrder } from './messages';
import { withinPlacementDeadline } from './placement-deadline';
import { Progress } from './progress';
import * as step from './steps';

/** Places one order, or undoes every step it took: never half an order. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const { orderId } = order;
  const progress = new Progress(`Order ${orderId}`);
  const compensations = new Compensations();

  let created: RecordedEvent;
  try {
    await withinPlacementDeadline(order.placementDeadlineMs, async () => {
      progress.begin('reserve stock');
      compensations.add('release stock', () => step.releaseStock({ orderId }));
      await step.reserveStock({ orderId, lines: order.lines });

      progress.begin('authorize payment');
      compensations.add('void authorization', () => step.voidAuthorization(paymentOf(order)));
      await step.authorizePayment(paymentOf(order));
    });
    stopIfCancelled();

    // The pivot: once it is confirmed the order stands. What follows is retried, never undone.
    progress.begin('confirm order');
    created = await CancellationScope.nonCancellable(() => step.confirmOrder({ orderId }));
  } catch (failure) {
    // A bug is not a refusal: leave the order as it is and wait for a fixed worker.
    if (!(failure instanceof TemporalFailure)) throw failure;
    const ending = endingOf(failure, CancellationScope.current().consideredCancelled);
    return CancellationScope.nonCancellable(() => undo(order, ending, compensations, progress));
  }
  return CancellationScope.nonCancellable(() => complete(order, created, progress));
}

/** After the pivot: tell the world, take the money, tell the world. */
async function complete(
  { orderId }: PlacedOrder,
  created: RecordedEvent,
  progress: Progress,
): Promise<OrderOutcome> {
  const attention = new Attention(orderId);

  progress.begin('publish OrderCreated');
  await attention.unlessDone('publish OrderCreated', () => step.publish('OrderCreated', created));

  progress.begin('capture payment');
  const captured = await attention.unlessDone('capture payment', () =>
    step.capturePayment({ orderId }),
  );
  if (captured) {
    progress.begin('publish PaymentCaptured');
    await attention.unlessDone('publish PaymentCaptured', () =>
      step.publish('PaymentCaptured', captured),
    );
  }
  return endWith({ status: 'confirmed' }, attention, progress);
}

/** The way back: undo in reverse, close the order truthfully, tell the world. */
async function undo(
  { orderId }: PlacedOrder,
  ending: Ending,
  compensations: Compensations,
  progress: Progress,
): Promise<OrderOutcome> {
  const attention = new Attention(orderId);

  progress.fail(ending.code);
  progress.begin('undo every step taken');
  await createEventGroup('compensation').withScope(async () => {
    for (const stuck of await compensations.run()) await attention.note(stuck);
  });

  progress.begin(`close the order as ${ending.status}`);
  const closed = await attention.unlessDone('close the order', () =>
    step.closeOrder({ orderId, ...ending }),
  );
  if (closed) {
    await attention.unlessDone('publish the ending', () =>
      step.publish(`the order's ending: ${ending.status}`, closed),
    );
  }
  return endWith(ending, attention, progress);
}

function endWith(
  ending: Pick<OrderOutcome, 'status' | 'code'>,
  attention: Attention,
  progress: Progress,
): OrderOutcome {
  const { notes } = attention;
  progress.end(
    notes.length > 0 ? `${ending.status}, needs attention: ${notes.join(', ')}` : ending.status,
  );
  return notes.length > 0 ? { ...ending, needsAttention: [...notes] } : ending;
}

/** A cancellation that came while the last step was ending well still comes before the pivot. */
function stopIfCancelled(): void {
  if (CancellationScope.current().consideredCancelled) {
    throw new CancelledFailure('cancelled before the pivot');
  }
}

function paymentOf({ orderId, amountMinor, currency }: PlacedOrder) {
  return { orderId, amountMinor, currency };
}

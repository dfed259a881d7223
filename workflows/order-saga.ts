import {
  allHandlersFinished,
  CancellationScope,
  condition,
  createEventGroup,
  TemporalFailure,
} from '@temporalio/workflow';
import type { RecordedEvent } from '../activities/orders';
import { Attention } from './attention';
import { Compensations } from './compensations';
import { abandonPlacement, closeOrder, publishEnding } from './ending-steps';
import { endingOf, type Ending } from './endings';
import type { OrderOutcome, PlacedOrder } from './messages';
import { perform } from './perform';
import { Placement } from './placement';
import { Progress } from './progress';
import type { ActivityName, CompensatableStep, InputOf } from './step';
import * as step from './steps';

/** Places one order, or undoes every step it took: never half an order. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const { orderId, lines, amountMinor, currency } = order;
  const saga = new OrderSaga(order);

  let created: RecordedEvent;
  try {
    await saga.placement.run(async () => {
      await saga.take(step.reserveStock, { orderId, lines });
      await saga.take(step.authorizePayment, { orderId, amountMinor, currency });
    });
    // The pivot: once it is confirmed the order stands. What follows is retried, never undone.
    created = await saga.confirm();
  } catch (failure) {
    // A bug is not a refusal: leave the order as it is and wait for a fixed worker.
    if (!(failure instanceof TemporalFailure)) throw failure;
    const ending = endingOf(failure, saga.placement.isCancelled);
    return CancellationScope.nonCancellable(() => saga.undo(ending));
  }
  return CancellationScope.nonCancellable(() => saga.complete(created));
}

class OrderSaga {
  readonly placement: Placement;
  readonly #orderId: string;
  readonly #progress: Progress;
  readonly #attention: Attention;
  readonly #compensations = new Compensations();

  constructor({ orderId, placementDeadlineMs }: PlacedOrder) {
    this.#orderId = orderId;
    this.#progress = new Progress(`Order ${orderId}`);
    this.#attention = new Attention(orderId);
    this.placement = new Placement(placementDeadlineMs);
  }

  /** Takes a step before the pivot, its undo registered first. */
  async take<Name extends ActivityName, Undo extends ActivityName>(
    taken: CompensatableStep<Name, Undo>,
    input: InputOf<Name> & InputOf<Undo>,
  ): Promise<void> {
    this.#progress.begin(taken.name);
    this.#compensations.add(taken, input);
    await perform(taken, input, this.placement.startClock);
  }

  /** The pivot. Nothing calls it off, and it is tried until there is an answer. */
  async confirm(): Promise<RecordedEvent> {
    this.#progress.begin(step.confirmOrder.name);
    const orderId = this.#orderId;
    return CancellationScope.nonCancellable(() => perform(step.confirmOrder, { orderId }));
  }

  /** After the pivot: tell the world, take the money, tell the world. */
  async complete(created: RecordedEvent): Promise<OrderOutcome> {
    const attention = this.#attention;
    this.#progress.begin('publish OrderCreated, capture payment, publish PaymentCaptured');
    await attention.insist(step.publishOrderCreated, created);
    await attention.insist(step.capturePayment, { orderId: this.#orderId }, async (captured) => {
      // Not captured: the order was called off meanwhile, and cancelOrderSaga has the money.
      if (captured) await attention.insist(step.publishPaymentCaptured, captured);
    });
    return this.#end({ status: 'confirmed' });
  }

  /** The way back: bar the pivot, undo in reverse, close the order truthfully, tell the world. */
  async undo(ending: Ending): Promise<OrderOutcome> {
    const orderId = this.#orderId;
    this.#progress.fail(ending.code);
    // An attempt at the pivot that nobody heard of may have succeeded, or be under way still.
    const { confirmed } = await perform(abandonPlacement, { orderId });
    if (confirmed) return this.complete(confirmed);

    this.#progress.begin('undo every step taken');
    await createEventGroup('compensation').withScope(() =>
      this.#compensations.run(this.#attention),
    );

    this.#progress.begin(`close the order as ${ending.status}`);
    const closed = await perform(closeOrder, { orderId, ...ending });
    await this.#attention.insist(publishEnding, closed);
    return this.#end({ status: closed.status, code: closed.code });
  }

  /** Tells how it ended, and stays for as long as a person has something to decide. */
  async #end(ending: OrderOutcome): Promise<OrderOutcome> {
    this.placement.outcome = ending;
    const { waiting } = this.#attention;
    this.#progress.end(ending.status, waiting);
    await this.#attention.settle();
    await condition(allHandlersFinished);
    const { givenUp } = this.#attention;
    this.#progress.settle(givenUp);
    return givenUp.length > 0 ? { ...ending, givenUp } : ending;
  }
}

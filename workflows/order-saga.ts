import {
  allHandlersFinished,
  CancellationScope,
  condition,
  createEventGroup,
  deprecatePatch,
  patched,
  TemporalFailure,
} from '@temporalio/workflow';
import { Attention } from './attention';
import { Compensations } from './compensations';
import { abandonPlacement, closeOrder, publishEnding } from './ending-steps';
import { endingOf, needsPerson, type Ending } from './endings';
import type { OrderOutcome, PlacedOrder } from './messages';
import { perform } from './perform';
import { Placement } from './placement';
import { Progress } from './progress';
import { StepsAhead } from './steps-ahead';
import type { OrderStep } from './step';
import { ORDER_STEPS } from './steps';

/** Places one order, or undoes every step it took: never half an order. */
export async function orderSaga(order: PlacedOrder): Promise<OrderOutcome> {
  const saga = new OrderSaga(order);
  try {
    await saga.placement.run(async () => {
      await saga.hurry();
      for (const step of saga.stepsBeforePivot) await saga.take(step);
    });
    // Once it is confirmed the order stands. What follows is retried, never undone.
    await saga.confirm();
  } catch (failure) {
    // A bug is not a refusal: leave the order as it is and wait for a fixed worker.
    if (!(failure instanceof TemporalFailure)) throw failure;
    const ending = endingOf(failure, saga.placement.isCancelled);
    return CancellationScope.nonCancellable(() => saga.undo(ending));
  }
  return CancellationScope.nonCancellable(() => saga.complete());
}

class OrderSaga {
  readonly placement: Placement;
  readonly #progress: Progress;
  readonly #attention: Attention;
  readonly #ahead: StepsAhead;
  readonly #compensations = new Compensations();
  readonly #steps = ORDER_STEPS.filter(isForThisOrder);
  readonly #pivot = this.#steps.findIndex(({ kind }) => kind === 'pivot');

  constructor(private readonly order: PlacedOrder) {
    this.#progress = new Progress(`Order ${order.orderId}`);
    this.#attention = new Attention(order.orderId);
    this.#ahead = new StepsAhead(order);
    this.placement = new Placement(order.placementDeadlineMs);
  }

  get stepsBeforePivot(): readonly OrderStep[] {
    return this.#steps.slice(0, this.#pivot);
  }

  /**
   * All steps at once, because most orders need nothing else; what failed is taken by itself. Every
   * undo is registered first, and stays: an earlier run of this task, which nobody recorded, may
   * have come further than this one.
   */
  async hurry(): Promise<void> {
    for (const step of this.#steps) this.#registerUndo(step);
    await this.#ahead.takeAll(this.#steps);
  }

  /** Takes a step before the pivot; its undo is registered. */
  async take(step: OrderStep): Promise<void> {
    this.#progress.begin(step.name);
    await this.#ahead.ensure(step, (input) => perform(step, input, this.placement.startClock));
  }

  /** The pivot. Nothing calls it off, and it is tried until there is an answer. */
  async confirm(): Promise<void> {
    const pivot = this.#steps[this.#pivot]!;
    this.#progress.begin(pivot.name);
    await CancellationScope.nonCancellable(() =>
      this.#ahead.ensure(pivot, (input) => perform(pivot, input)),
    );
  }

  /** After the pivot: tell the world, take the money. */
  async complete(): Promise<OrderOutcome> {
    for (const step of this.#steps.slice(this.#pivot + 1)) {
      this.#progress.begin(step.name);
      if (!this.#ahead.has(step)) await this.#attention.insist(step, this.#ahead.inputOf(step));
    }
    return this.#end({ status: 'confirmed' });
  }

  /** The way back: bar the pivot, undo in reverse, close the order truthfully, tell the world. */
  async undo(found: Ending): Promise<OrderOutcome> {
    const { orderId } = this.order;
    this.#progress.fail(found.code);
    // An attempt at the pivot that nobody heard of may have succeeded, or be under way still.
    const abandoned = await perform(abandonPlacement, { orderId, ...found });
    if (abandoned.confirmed) {
      this.#ahead.put(this.#steps[this.#pivot]!, abandoned.confirmed);
      return this.complete();
    }
    const { ending } = abandoned;
    await createEventGroup('compensation').withScope(() =>
      this.#compensations.run(this.#attention, this.#progress),
    );
    if (needsPerson(ending)) await this.#attention.raise('look at the payment');

    this.#progress.begin(`close the order as ${ending.status}`);
    const closed = await perform(closeOrder, { orderId, ...ending });
    await this.#attention.insist(publishEnding, { eventId: closed.eventId });
    return this.#end({ status: closed.status, code: closed.code });
  }

  #registerUndo(step: OrderStep): void {
    if (step.undo) this.#compensations.add(step.undo, this.#ahead.inputOf(step));
  }

  /** Tells how it ended, and stays for as long as a person has something to decide. */
  async #end(ending: OrderOutcome): Promise<OrderOutcome> {
    this.placement.outcome = ending;
    this.#progress.end(ending.status, this.#attention.waiting);
    await this.#attention.settle();
    await condition(allHandlersFinished);
    const { givenUp } = this.#attention;
    this.#progress.settle(givenUp);
    return givenUp.length > 0 ? { ...ending, givenUp } : ending;
  }
}

/** Steps that are younger than the order are not for it: it is run again from its history. */
function isForThisOrder({ since, isSinceLongAgo = false }: OrderStep): boolean {
  if (since === undefined) return true;
  if (!isSinceLongAgo) return patched(since);
  deprecatePatch(since);
  return true;
}

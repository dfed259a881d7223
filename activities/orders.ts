import type { Database } from '../db/database';
import {
  abandonPlacement,
  cancelConfirmedOrder,
  closeOrder,
  confirmOrder,
  type Abandonment,
  type Closing,
} from '../db/order-endings';
import { noteAttention, recordDecision, settleAttention, type Decision } from '../db/attention';
import type { ClosedStatus } from '../domain/order';
import { REFUSALS } from '../domain/refusals';
import type { Sealer } from '../events/sealing';
import { refuse } from './refuse';

/** The event that an activity recorded and that is still to be published. */
export interface RecordedEvent {
  readonly eventId: string;
}

/** Something that a person has to finish. */
export interface AttentionNote {
  readonly orderId: string;
  readonly what: string;
  /** How often somebody had decided about it; sagas of before do not say it. */
  readonly decisions?: number;
}

/** The order itself as the sagas see it. */
export function createOrderActivities({ db, sealer }: { db: Database; sealer: Sealer }) {
  const seal = (contact: unknown) => sealer.seal(contact);

  return {
    /**
     * The pivot: confirms the order, commits its hold and records `OrderCreated`. Refuses with
     * `hold_released`, `cancel_requested` or `order_ended`, and then nothing has changed.
     */
    async confirmOrder({ orderId }: { orderId: string }): Promise<RecordedEvent> {
      const confirmation = await confirmOrder(db, orderId, seal);
      if (!confirmation) throw notFound();
      switch (confirmation.outcome) {
        case 'confirmed':
          return { eventId: confirmation.eventId };
        case 'hold_released':
          throw refuse(REFUSALS.holdReleased, 'the stock of this order is not held any more');
        case 'cancel_requested':
          throw refuse(REFUSALS.cancelRequested, 'somebody asked to call this order off');
        case 'abandoned':
          throw refuse(REFUSALS.placementOver, 'the placement of this order was abandoned');
        case 'ended':
          throw refuse(REFUSALS.orderEnded, `the order is ${confirmation.status} already`);
      }
    },

    /**
     * Bars the pivot, and decides as what the placement ends. Returns the decision that stands, or
     * the event of a confirmation that was faster.
     */
    async abandonPlacement(
      abandonment: { orderId: string } & Abandonment,
    ): Promise<{ confirmed: RecordedEvent } | { confirmed: null; ending: Abandonment }> {
      const found = await abandonPlacement(db, abandonment);
      if ('ending' in found) return { confirmed: null, ending: found.ending };
      return { confirmed: { eventId: found.confirmedEventId } };
    },

    /**
     * Ends the placement as rejected, failed or cancelled and records the event that says so.
     * Returns the ending that stands, which may have been written by an attempt before this.
     */
    async closeOrder(closing: {
      orderId: string;
      status: ClosedStatus;
      code: string;
    }): Promise<Closing> {
      const closed = await closeOrder(db, closing, seal);
      if (!closed) throw notFound();
      return closed;
    },

    /** Calls a confirmed order off. Refuses with `order_ended` when it is not confirmed. */
    async cancelOrder({ orderId }: { orderId: string }): Promise<RecordedEvent> {
      const eventId = await cancelConfirmedOrder(db, orderId, 'cancelled', seal);
      if (eventId === undefined) throw refuse(REFUSALS.orderEnded, 'the order is not confirmed');
      return { eventId };
    },

    /** Notes on the order what a person has to finish, who has decided about it so often. */
    async noteAttention({ orderId, what, decisions }: AttentionNote): Promise<void> {
      await noteAttention(db, orderId, what, decisions);
    },

    /** Takes such a note away: a person has decided. */
    async settleAttention({ orderId, what }: { orderId: string; what: string }): Promise<void> {
      await settleAttention(db, orderId, what);
    },

    /** Writes down who decided what about a step, and why. */
    async recordDecision({ orderId, ...decision }: { orderId: string } & Decision): Promise<void> {
      await recordDecision(db, orderId, decision);
    },
  };
}

function notFound() {
  return refuse(REFUSALS.notFound, 'no such order');
}

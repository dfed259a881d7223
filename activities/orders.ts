import type { Database } from '../db/database';
import { closeOrder, confirmOrder, type Ending } from '../db/order-endings';
import { noteAttention } from '../db/orders';
import type { ClosedStatus } from '../domain/order';
import { REFUSALS } from '../domain/refusals';
import type { Sealer } from '../events/sealing';
import { refuse } from './refuse';

/** The event that an activity recorded and that is still to be published. */
export interface RecordedEvent {
  readonly eventId: string;
}

/** The order itself as the saga sees it. */
export function createOrderActivities({ db, sealer }: { db: Database; sealer: Sealer }) {
  const seal = (contact: unknown) => sealer.seal(contact);

  return {
    /**
     * The pivot: confirms the order, commits its hold and records `OrderCreated`. Refuses with
     * `hold_released` or `order_ended`, and then nothing has changed.
     */
    async confirmOrder({ orderId }: { orderId: string }): Promise<RecordedEvent> {
      return eventOf(await confirmOrder(db, orderId, seal));
    },

    /** Ends the placement as rejected, failed or cancelled and records the event that says so. */
    async closeOrder(closing: {
      orderId: string;
      status: ClosedStatus;
      code: string;
    }): Promise<RecordedEvent> {
      return eventOf(await closeOrder(db, closing, seal));
    },

    /** Notes on the order what a person has to finish. */
    async noteAttention({ orderId, what }: { orderId: string; what: string }): Promise<void> {
      await noteAttention(db, orderId, what);
    },
  };
}

function eventOf(ending: Ending | undefined): RecordedEvent {
  if (!ending) throw refuse(REFUSALS.notFound, 'no such order');
  switch (ending.outcome) {
    case 'ended':
      return { eventId: ending.eventId };
    case 'hold_released':
      throw refuse(REFUSALS.holdReleased, 'the stock of this order is not held any more');
    case 'ended_otherwise':
      throw refuse(REFUSALS.orderEnded, `the order is ${ending.status} already`);
  }
}

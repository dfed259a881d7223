import type { DatabaseOptions } from '../../db/database';
import { listen } from '../../db/listen';
import { OUTCOME_CHANNEL } from '../../db/order-endings';
import { Watches, type Watch } from './watches';

/** Tells when the placement of an order is over, on one database connection for all who wait. */
export interface Outcomes {
  /** Begins to listen for this order; undefined when too many wait already. */
  readonly watch: (orderId: string) => Watch | undefined;
  /** Sends everyone home who waits, and stops listening. */
  readonly close: () => Promise<void>;
}

/** Listens for ever; after a lost connection everyone is woken to look again. */
export function listenToOutcomes(
  options: DatabaseOptions,
  onOutcome: (orderId: string) => void = () => undefined,
): Outcomes {
  const watches = new Watches();
  let isClosed = false;
  const listening = listen(options, OUTCOME_CHANNEL, {
    onNotification: (orderId) => {
      watches.tell(orderId);
      onOutcome(orderId);
    },
    onListening: () => watches.tellAll(),
  });
  return {
    watch: (orderId) => (isClosed ? undefined : watches.add(orderId)),
    async close() {
      isClosed = true;
      watches.closeAll();
      await listening.close();
    },
  };
}

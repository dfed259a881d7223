import { giveMoneyBack, returnStock, stopShipment } from './cancel-steps';
import { ORDER_STEPS } from './steps';

/** The activities that take something back, by their names: for whoever counts or shows them. */
export const COMPENSATIONS: ReadonlySet<string> = new Set([
  ...ORDER_STEPS.flatMap(({ undo }) => (undo ? [undo.activity] : [])),
  ...[stopShipment, giveMoneyBack, returnStock].map(({ activity }) => activity),
]);

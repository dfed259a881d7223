/**
 * The ways in which a participant says no. Each is the `type` of the failure that the saga sees;
 * none is worth a retry.
 */
export const REFUSALS = {
  /** The catalogue has it, the shelf does not. */
  outOfStock: 'out_of_stock',
  /** The payment provider or the customer's bank said no. */
  paymentDeclined: 'payment_declined',
  /** The hold was released before the order was confirmed: the saga came too late. */
  holdReleased: 'hold_released',
  /** The payment was voided before it was authorized: the saga came too late. */
  paymentVoided: 'payment_voided',
  /** The order has ended another way. */
  orderEnded: 'order_ended',
  /** The provider's answer does not fit what was asked: a person must look. */
  paymentMismatch: 'payment_mismatch',
  /** The same event id is in the stream with another body: a person must look. */
  eventConflict: 'event_conflict',
  /** The order was not confirmed in time. */
  placementDeadline: 'placement_deadline',
  /** Somebody asked to call the order off before it was confirmed. */
  cancelRequested: 'cancel_requested',
  /** It is too late to call the placement off: it is over, or about to be. */
  placementOver: 'placement_over',
  /** The order is on its way to the customer and cannot be called off any more. */
  orderShipped: 'order_shipped',
  /** No such step of the saga waits for a person. */
  stepNotOpen: 'step_not_open',
  /** The provider says that our request itself is wrong: a person must look. */
  paymentRequestRefused: 'payment_request_refused',
  /** No such order, event or payment. */
  notFound: 'not_found',
} as const;

/** One of {@link REFUSALS}. */
export type Refusal = (typeof REFUSALS)[keyof typeof REFUSALS];

/** The refusals that are the business saying no: the order ends as `rejected`, not as `failed`. */
export const BUSINESS_REFUSALS: readonly string[] = [REFUSALS.outOfStock, REFUSALS.paymentDeclined];

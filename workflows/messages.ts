import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { OrderStatus } from '../domain/order';
import type { RequestedLine } from '../domain/pricing';

/** The names under which clients start the sagas. */
export const ORDER_SAGA = 'orderSaga';
export const CANCEL_ORDER_SAGA = 'cancelOrderSaga';

/** The workflow id of an order's saga: one order, one saga. */
export function orderSagaId(orderId: string): string {
  return `order-${orderId}`;
}

/** The workflow id of the saga that calls a confirmed order off. */
export function cancelOrderSagaId(orderId: string): string {
  return `cancel-${orderId}`;
}

/** What the saga carries: ids, quantities and amounts, never a name, an address or a card. */
export interface PlacedOrder {
  readonly orderId: string;
  readonly lines: RequestedLine[];
  readonly amountMinor: number;
  readonly currency: string;
  /** After this long without a confirmation everything is undone and the order has failed. */
  readonly placementDeadlineMs: number;
}

/** How the placement ended. */
export interface OrderOutcome {
  readonly status: Exclude<OrderStatus, 'pending'>;
  readonly code?: string;
  /** What a person gave up, so that it was never done. */
  readonly givenUp?: string[];
}

/** A confirmed order that is to be called off. */
export interface OrderToCancel {
  readonly orderId: string;
}

/** How the cancellation of a confirmed order ended. */
export interface CancellationOutcome {
  readonly status: 'cancelled' | 'refused';
  /** Why it was refused: `order_shipped` or `order_ended`. */
  readonly code?: string;
  readonly givenUp?: string[];
}

/**
 * Update of the order saga: calls the placement off, and returns how it ended once everything is
 * undone. Refused by its validator (`placement_over`) from the pivot on, and while another ending
 * is under way.
 */
export const CANCEL_PLACEMENT = 'cancelPlacement';

/**
 * What a person may decide about a step that cannot succeed, or is tried again and again: try it
 * now; it was done by hand; leave it undone.
 */
export type Verb = 'retry' | 'done' | 'give-up';

/** Who decided what about which step, and why. */
export interface OperatorDecision {
  readonly verb: Verb;
  readonly step: string;
  readonly by: string;
  readonly why: string;
}

/** Update of both sagas: carries an operator's decision out. Refused when the step is not open. */
export const DECIDE = 'decide';

/** Query of both sagas: the names of the steps that are open to an operator's decision. */
export const OPEN_STEPS = 'openSteps';

/** Set at start, so that sagas can be found in the Temporal Web UI by what they are about. */
export const SEARCH_ATTRIBUTES = {
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD),
  orderTotalMinor: defineSearchAttributeKey('OrderTotalMinor', SearchAttributeType.INT),
  currency: defineSearchAttributeKey('Currency', SearchAttributeType.KEYWORD),
};

/** The name of the workflow that compares everything, and the id of its Schedule. */
export const RECONCILIATION = 'reconciliation';

/** What the reconciler is to look at. */
export interface ReconciliationRequest {
  /** A placement that is older than this is nobody's any more. */
  readonly overdueSeconds: number;
  /** How far back journal and streams are compared. */
  readonly sinceHours: number;
}

/** What the reconciler found and did. */
export interface ReconciliationReport {
  readonly holds: { readonly released: string[]; readonly overdue: string[] };
  readonly payments: readonly { readonly orderId: string; readonly finding: string }[];
  readonly streams: { readonly compared: number; readonly republished: string[] };
  /** What a person is to look at. */
  readonly discrepancies: readonly { readonly orderId: string; readonly kind: string }[];
}

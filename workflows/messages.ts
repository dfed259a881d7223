import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { OrderStatus } from '../domain/order';
import type { RequestedLine } from '../domain/pricing';

/** The name under which clients start the order saga. */
export const ORDER_SAGA = 'orderSaga';

/** The workflow id of an order's saga: one order, one saga. */
export function orderSagaId(orderId: string): string {
  return `order-${orderId}`;
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
  /** What a person has to finish. */
  readonly needsAttention?: string[];
}

/** Set at start, so that sagas can be found in the Temporal Web UI by what they are about. */
export const SEARCH_ATTRIBUTES = {
  customerId: defineSearchAttributeKey('CustomerId', SearchAttributeType.KEYWORD),
  orderTotalMinor: defineSearchAttributeKey('OrderTotalMinor', SearchAttributeType.INT),
  currency: defineSearchAttributeKey('Currency', SearchAttributeType.KEYWORD),
};

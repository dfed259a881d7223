import type { Context } from 'koa';
import { Problem } from './problem';

/**
 * Who calls: one caller, until the API knows API keys. Orders and idempotency keys are kept by
 * caller already.
 */
export const CALLER = 'shop';

/** An order's id, so that nothing else reaches the database. */
const ORDER_ID = /^ord_[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The order that the path names; 404 when it is none. */
export function orderIdOf(ctx: Context & { params: Record<string, string> }): string {
  const orderId = ctx.params['id'] ?? '';
  if (!ORDER_ID.test(orderId)) throw noSuchOrder();
  ctx.state['orderId'] = orderId;
  return orderId;
}

/** What a caller is told of an order that is not there, or is somebody else's. */
export function noSuchOrder(): Problem {
  return new Problem('not-found', { detail: 'there is no such order' });
}

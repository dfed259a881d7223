import type { Context } from 'koa';
import type { Database } from '../../db/database';
import { findOrder, type Order } from '../../db/orders';
import type { Owner } from '../../db/owner';
import { preferredWaitSeconds } from '../http/request-headers';
import type { Outcomes } from './outcomes';
import type { Watch } from './watches';

/** What waiting for an order needs. */
export interface WaitingDependencies {
  readonly db: Database;
  readonly outcomes: Outcomes;
}

/** An order and whose it is. */
export interface OwnedOrder {
  readonly orderId: string;
  readonly owner: Owner;
}

/** The order, once `isOver`, if the client waits (`Prefer: wait=N`) and that is in time. */
export async function orderWithin(
  ctx: Context,
  { db, outcomes }: WaitingDependencies,
  { orderId, owner }: OwnedOrder,
  isOver: (order: Order) => boolean,
): Promise<Order | undefined> {
  const seconds = preferredWaitSeconds(ctx);
  if (seconds === 0) return undefined;
  const watch = outcomes.watch(orderId);
  if (!watch) return undefined;
  ctx.res.once('close', () => watch.close());
  ctx.set('Preference-Applied', `wait=${seconds}`);
  try {
    return await untilOver(() => findOrder(db, orderId, owner), isOver, watch, seconds * 1000);
  } finally {
    watch.close();
  }
}

async function untilOver(
  find: () => Promise<Order | undefined>,
  isOver: (order: Order) => boolean,
  watch: Watch,
  timeoutMs: number,
): Promise<Order | undefined> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const order = await find();
    if (order && isOver(order)) return order;
    const leftMs = deadline - performance.now();
    if (leftMs <= 0 || watch.isClosed) return undefined;
    await watch.next(leftMs);
  }
}

import type { Client } from '@temporalio/client';
import type { Database } from '../../db/database';
import { findOrder } from '../../db/orders';
import { readTimeline } from '../../ops/saga-timeline';
import { orderSagaId } from '../../workflows/messages';
import { ORDER_STEPS } from '../../workflows/steps';
import type { RunningCell } from './orders';

const UNDOS = ORDER_STEPS.flatMap(({ undo }) => (undo ? [undo.name] : [])).reverse();

/** What is wrong with the end of one cell, beside what must hold of all orders. */
export async function checkCell(
  db: Database,
  client: Client,
  { cell, orderId }: RunningCell,
): Promise<string[]> {
  const order = await findOrder(db, orderId);
  const wrong: string[] = [];
  if (order?.status !== cell.ends) wrong.push(`ended ${order?.status}, not ${cell.ends}`);
  if (order && order.needsAttention.length > 0)
    wrong.push(`still needs ${order.needsAttention.join()}`);

  const timeline = await readTimeline(client, orderSagaId(orderId));
  const undone = timeline.map(({ name }) => name).filter((name) => UNDOS.includes(name));
  const positions = undone.map((name) => UNDOS.indexOf(name));
  // A person may have an undo done again after the others: then its last place is its own matter.
  const needsPerson = cell.name.includes('needs a person');
  if (!needsPerson && positions.some((position, i) => position < (positions[i - 1] ?? 0))) {
    wrong.push(`undone in the order ${undone.join(', ')}`);
  }
  if (cell.ends === 'confirmed' && undone.length > 0) wrong.push(`undid ${undone.join(', ')}`);
  return wrong.map((what) => `${cell.name}: ${what}`);
}

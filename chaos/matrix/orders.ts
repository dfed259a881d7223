import type { Client } from '@temporalio/client';
import { sql } from 'kysely';
import { v7 as uuidv7 } from 'uuid';
import type { Database } from '../../db/database';
import { placeOrder } from '../../db/placement';
import { ORDER_SAGA, orderSagaId } from '../../workflows/messages';
import type { orderSaga } from '../../workflows/order-saga';
import type { Cell } from './cells';

export const TENANT = 'matrix';
export const TASK_QUEUE = 'matrix';

/** On the shelf of the matrix. */
export const SKU = 'MATRIX';
const UNIT_PRICE_MINOR = 1_000;

/** Begins when quick tries are spent: what works from then on must do so on a slow machine, too. */
const DEADLINE_MS = 5_000;

/** A worker that is killed is missed after this long, not after the usual 10 s. */
const WORKFLOW_TASK_TIMEOUT = '4s';

/** An order of the matrix that runs. */
export interface RunningCell {
  readonly cell: Cell;
  readonly orderId: string;
}

/** An id for each cell. */
export function numberCells(cells: readonly Cell[]): RunningCell[] {
  return cells.map((cell) => ({ cell, orderId: `ord_${uuidv7()}` }));
}

/** Saves the order of a cell and starts its saga. */
export async function startCell(
  db: Database,
  client: Client,
  { orderId }: RunningCell,
): Promise<void> {
  const line = { sku: SKU, quantity: 2 };
  const amountMinor = line.quantity * UNIT_PRICE_MINOR;
  const order = {
    ...{ orderId, tenant: TENANT, paymentMethod: 'pm_card_visa', currency: 'EUR' },
    customer: { id: 'cus_matrix', email: 'canary-matrix@example.com' },
    totalMinor: amountMinor,
    lines: [{ ...line, unitPriceMinor: UNIT_PRICE_MINOR }],
  };
  await placeOrder(db, { caller: TENANT, key: orderId, bodyHash: orderId }, order);
  const rows = db.updateTable('orders.orders').set({ saga_started_at: sql<Date>`now()` });
  await rows.where('order_id', '=', orderId).execute();
  await client.workflow.start<typeof orderSaga>(ORDER_SAGA, {
    workflowId: orderSagaId(orderId),
    taskQueue: TASK_QUEUE,
    workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT,
    args: [
      { orderId, lines: [line], amountMinor, currency: 'EUR', placementDeadlineMs: DEADLINE_MS },
    ],
  });
}

import { context, propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import {
  WorkflowExecutionAlreadyStartedError,
  type Client,
  type WorkflowStartOptions,
} from '@temporalio/client';
import type { Logger } from 'pino';
import type { PendingOrder } from '../db/orders';
import { formatMoney } from '../domain/money';
import type { cancelOrderSaga } from '../workflows/cancel-order-saga';
import {
  CANCEL_ORDER_SAGA,
  cancelOrderSagaId,
  ORDER_SAGA,
  orderSagaId,
  SEARCH_ATTRIBUTES,
  type PlacedOrder,
} from '../workflows/messages';
import type { orderSaga } from '../workflows/order-saga';

/** A start that has not been answered by then is tried again in a later round. */
const START_TIMEOUT_MS = 5_000;

/** What starting a saga needs. */
export interface SagaStarterOptions {
  readonly client: Client;
  readonly logger: Logger;
  readonly taskQueue: string;
  readonly placementDeadlineMs: number;
  /**
   * Whether the server may hand the first task to this process with its answer: saves a round trip
   * an order, and needs a worker on the same connection.
   */
  readonly isEager: boolean;
}

/** Starts sagas, each once, however often it is asked. Rejects when Temporal does not answer. */
export interface SagaStarter {
  readonly startOrderSaga: (order: PendingOrder) => Promise<void>;
  readonly startCancelOrderSaga: (orderId: string) => Promise<void>;
}

/** A starter on this client. */
export function createSagaStarter(options: SagaStarterOptions): SagaStarter {
  const { client, taskQueue, isEager, logger } = options;

  async function startOnce(orderId: string, start: () => Promise<unknown>): Promise<void> {
    try {
      await client.withDeadline(Date.now() + START_TIMEOUT_MS, start);
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      logger.info({ orderId, workflowId: error.workflowId }, 'saga had run already');
    }
  }
  // One order, one saga: a second start finds the first, running or ended.
  const once = {
    taskQueue,
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    ...(isEager ? { requestEagerStart: true } : {}),
  } satisfies Partial<WorkflowStartOptions>;

  return {
    startOrderSaga: (order) =>
      startOnce(order.orderId, () =>
        inTraceOf(order, () =>
          client.workflow.start<typeof orderSaga>(ORDER_SAGA, {
            ...once,
            ...descriptionOf(order),
            workflowId: orderSagaId(order.orderId),
            args: [placedOrderOf(order, options.placementDeadlineMs)],
          }),
        ),
      ),
    startCancelOrderSaga: (orderId) =>
      startOnce(orderId, () =>
        client.workflow.start<typeof cancelOrderSaga>(CANCEL_ORDER_SAGA, {
          ...once,
          workflowId: cancelOrderSagaId(orderId),
          args: [{ orderId }],
          staticSummary: 'Calls a confirmed order off',
          staticDetails: `Calls order \`${orderId}\` off; its saga is \`${orderSagaId(orderId)}\`.`,
        }),
      ),
  };
}

/** The request that placed the order is over, but its trace goes on with the saga. */
function inTraceOf<Result>({ position }: PendingOrder, start: () => Promise<Result>) {
  const { traceparent } = position;
  return context.with(propagation.extract(ROOT_CONTEXT, { traceparent }), start);
}

/** What the saga of an order is given. */
function placedOrderOf(
  { orderId, lines, totalMinor, currency }: PendingOrder,
  placementDeadlineMs: number,
): PlacedOrder {
  return {
    orderId,
    // The prices are in the order's row; what Temporal keeps is kept small.
    lines: lines.map(({ sku, quantity }) => ({ sku, quantity })),
    ...{ amountMinor: totalMinor, currency, placementDeadlineMs },
  };
}

function descriptionOf({ orderId, customerId, currency, totalMinor, lines }: PendingOrder) {
  return {
    staticSummary: `${formatMoney(totalMinor, currency)}, ${describeLines(lines)}`,
    staticDetails: `Places order \`${orderId}\` of customer \`${customerId}\`, or undoes it.`,
    typedSearchAttributes: [
      { key: SEARCH_ATTRIBUTES.customerId, value: customerId },
      { key: SEARCH_ATTRIBUTES.orderTotalMinor, value: totalMinor },
      { key: SEARCH_ATTRIBUTES.currency, value: currency },
    ],
  };
}

function describeLines(lines: readonly { sku: string; quantity: number }[]): string {
  const [first, ...rest] = lines;
  if (!first) return 'no lines';
  const more = rest.length > 0 ? ` and ${rest.length} more` : '';
  return `${first.quantity} × ${first.sku}${more}`;
}

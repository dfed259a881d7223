import { WorkflowExecutionAlreadyStartedError, type Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Database } from '../db/database';
import { markSagaStarted, type OrderWithoutSaga } from '../db/saga-starts';
import {
  ORDER_SAGA,
  orderSagaId,
  SEARCH_ATTRIBUTES,
  type PlacedOrder,
} from '../workflows/messages';
import type { orderSaga } from '../workflows/order-saga';
import { formatMoney } from '../domain/money';

/** A start that has not been answered by then is left to the sweep. */
const START_TIMEOUT_MS = 5_000;

/** How many starts may be under way in the background; more are left to the sweep. */
const MAX_BACKGROUND_STARTS = 200;

/** What starting a saga needs. */
export interface SagaStarterOptions {
  readonly client: Client;
  readonly db: Database;
  readonly logger: Logger;
  readonly taskQueue: string;
  readonly placementDeadlineMs: number;
}

/** Starts the saga of a saved order, once, however often it is asked. */
export interface SagaStarter {
  /** Starts it, or finds it started. Rejects when Temporal does not answer: try again later. */
  readonly start: (order: OrderWithoutSaga) => Promise<void>;
  /** Starts it without anyone waiting; what fails is found by the start sweep. */
  readonly startInBackground: (order: OrderWithoutSaga) => void;
  /** Waits for what is under way in the background. */
  readonly drain: () => Promise<void>;
}

/** A starter on this client. */
export function createSagaStarter(options: SagaStarterOptions): SagaStarter {
  const background = new Set<Promise<void>>();

  async function start(order: OrderWithoutSaga): Promise<void> {
    await startWorkflow(options, order);
    await markSagaStarted(options.db, order.orderId);
  }

  return {
    start,
    startInBackground(order) {
      if (background.size >= MAX_BACKGROUND_STARTS) return;
      const { orderId } = order;
      const started = start(order)
        .catch((err: unknown) => {
          options.logger.warn({ err, orderId }, 'saga not started, left to the start sweep');
        })
        .finally(() => background.delete(started));
      background.add(started);
    },
    async drain() {
      await Promise.all(background);
    },
  };
}

async function startWorkflow(options: SagaStarterOptions, order: OrderWithoutSaga): Promise<void> {
  const { client, taskQueue, placementDeadlineMs, logger } = options;
  const { orderId, customerId, currency, totalMinor, lines } = order;
  const placed: PlacedOrder = {
    orderId,
    lines,
    amountMinor: totalMinor,
    currency,
    placementDeadlineMs,
  };
  try {
    await client.withDeadline(Date.now() + START_TIMEOUT_MS, () =>
      client.workflow.start<typeof orderSaga>(ORDER_SAGA, {
        workflowId: orderSagaId(orderId),
        taskQueue,
        args: [placed],
        // One order, one saga: a second start finds the first, running or ended.
        workflowIdReusePolicy: 'REJECT_DUPLICATE',
        workflowIdConflictPolicy: 'USE_EXISTING',
        staticSummary: `${formatMoney(totalMinor, currency)}, ${describeLines(lines)}`,
        staticDetails: `Places order \`${orderId}\` of customer \`${customerId}\`, or undoes it.`,
        typedSearchAttributes: [
          { key: SEARCH_ATTRIBUTES.customerId, value: customerId },
          { key: SEARCH_ATTRIBUTES.orderTotalMinor, value: totalMinor },
          { key: SEARCH_ATTRIBUTES.currency, value: currency },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    logger.info({ orderId }, 'saga had run already');
  }
}

function describeLines(lines: readonly { sku: string; quantity: number }[]): string {
  const [first, ...rest] = lines;
  if (!first) return 'no lines';
  const more = rest.length > 0 ? ` and ${rest.length} more` : '';
  return `${first.quantity} × ${first.sku}${more}`;
}
